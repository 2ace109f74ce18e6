"""A person's dates as a calendar that their own calendar program reads."""
