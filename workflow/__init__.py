"""What may happen, by when, by whom, and the proof of it."""
