"""How a record ends: what holds it, when it is due, who destroys it, and the certificate."""
