"""People, the organisations they belong to, the roles they hold there, and since when."""
