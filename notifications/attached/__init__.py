"""Documents attached to a case: checked, cleaned, sealed, held until scanned, given as files."""
