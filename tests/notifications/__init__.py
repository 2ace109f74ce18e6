"""What a local authority does with a notification, action by action."""
