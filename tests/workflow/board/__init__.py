"""The breach board: periods, tallies and what was escalated."""
