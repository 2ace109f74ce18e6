"""Rapid reviews through the interface for other systems."""
