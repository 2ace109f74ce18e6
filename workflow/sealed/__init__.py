"""Names, birth dates, addresses, identifiers and narrative, sealed under a key for each case."""
