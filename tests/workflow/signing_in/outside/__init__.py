"""Signing in through an authority's own provider, which runs beside the tests."""
