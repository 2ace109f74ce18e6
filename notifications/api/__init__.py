"""What other systems file, correct, withdraw and read of notifications."""
