"""The base of every model with sealed columns."""

from typing import Any

from django.db import models

from workflow.sealed.slot import as_stored


class SealedModel(models.Model):
    """A row of a case whose sealed columns open with that case's key.

    It reads its case from the foreign key `case`; a model that reaches its case another way
    overrides `sealing_case_id` and `sealing_key_id`. Select `case` along where rows are opened:
    the key's id is on the case.
    """

    class Meta:
        abstract = True

    @property
    def sealing_case_id(self) -> int | None:
        """The id of the case this row is sealed to, None before it has one."""
        case_id: int | None = self.__dict__.get("case_id")
        return case_id

    @property
    def sealing_key_id(self) -> object:
        """The id of the key of that case, None without a case."""
        case: Any = getattr(self, "case", None)
        return None if case is None else case.key_id

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """The row as it now rests; a sealed value is opened only when it is next read."""
        with as_stored():
            super().refresh_from_db(*args, **kwargs)
