"""Whatever is ever sent: rows first, messages second."""
