"""What may be done with a rapid review and its answer. Each call is one transaction."""
