"""Reminders: what is owed to people before, on and after a due date, recorded once each."""
