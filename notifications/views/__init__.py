"""The pages of a notification: filling in, sending, reading, and what comes after."""
