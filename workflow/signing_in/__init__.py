"""How people sign in, how long that lasts, and how it ends."""
