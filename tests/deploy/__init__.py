"""The launcher, the settings, the database's roles, and the fixtures of the tests themselves."""
