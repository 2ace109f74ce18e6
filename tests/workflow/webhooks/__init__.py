"""What authorities' own systems are told, by a receiver that is really called."""
