"""The trail: what was done, by whom, and what each row was before."""
