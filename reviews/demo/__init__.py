"""Invented cases for the demo, told through the services as they would have happened."""
