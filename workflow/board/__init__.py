"""The breach board: which dates were missed, how often and by how much, and who has looked."""
