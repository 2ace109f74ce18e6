"""Bring the service up on one machine: only Python's standard library is needed to begin."""
