"""Whether every part of the service does its work, and what waits where one does not."""
