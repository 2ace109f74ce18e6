"""The case and its three machines: what may happen, who may do it, and what follows."""
