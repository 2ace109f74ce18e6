"""Reading sealed words in a list of many cases, of which one may be gone."""

from django.db import models

from workflow.sealed.errors import KeyMissingError

GONE = "What was written here was destroyed with the record, or its key is away."


def words(row: models.Model, field: str) -> str:
    """The sealed words of a row; where the key is gone, that it is: the neighbours still open."""
    try:
        return str(getattr(row, field))
    except KeyMissingError:
        return GONE
