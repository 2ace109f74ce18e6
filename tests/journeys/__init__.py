"""Whole stories, told through the real service in a real browser that runs no script."""
