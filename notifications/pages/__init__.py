"""The questions of a notification, page by page."""
