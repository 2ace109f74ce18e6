"""What was planned, sent, withheld or given up, and why: for those who watch over messages."""
