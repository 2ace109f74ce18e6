"""The trail: looks, and the log that proves them."""
