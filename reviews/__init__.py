"""What is learned from a serious incident, and what is decided about it."""
