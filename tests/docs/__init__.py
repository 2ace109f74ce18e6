"""The documentation: what of it is made from code, and that none of it is stale."""
