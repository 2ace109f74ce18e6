"""What an instance is sealed to: its case, and that case's key."""

from typing import cast

from django.db import models

from workflow.sealed.errors import SealedError


def bound_case(instance: models.Model) -> int:
    """The id of the case an instance is sealed to; SealedError when it has none yet."""
    case_id = getattr(instance, "sealing_case_id", None) or getattr(instance, "case_id", None)
    if case_id is None:
        message = f"{type(instance).__name__} can’t be sealed before its case has an id."
        raise SealedError(message)
    return cast("int", case_id)


def bound_key(instance: models.Model) -> object:
    """The id of the key an instance is sealed under; SealedError when its case has none."""
    key_id = getattr(instance, "sealing_key_id", None)
    if key_id is None:
        # A history row is no SealedModel, and reaches the same case by the same foreign key.
        key_id = getattr(getattr(instance, "case", None), "key_id", None)
    if key_id is None:
        message = f"{type(instance).__name__} can’t be sealed or opened: its case has no key."
        raise SealedError(message)
    return cast("object", key_id)
