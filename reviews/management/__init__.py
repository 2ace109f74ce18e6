"""Commands of this app for operators."""
