"""The questions of the rapid review, of its sign-off, and of the Panel's answer."""
