"""Telling an authority's own systems that something was done on a case: that, and no more."""
