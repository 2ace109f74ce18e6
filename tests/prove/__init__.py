"""Proofs: the promises of this service, held against faults on purpose, each with a control."""
