"""Documents that are to be attached to a case: how a file is read, cleaned and scanned."""
