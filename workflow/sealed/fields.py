"""Model fields whose values rest sealed in the database and open when they are read.

At rest: `v1|` + 12 bytes nonce + AES-256-GCM ciphertext and tag. Additional data: the table and
column the value was written to and its case, so that a value moved to another case's row, to
another column or to another table does not open. A history table keeps the ORIGINAL names: they
travel in `origin` through `deconstruct()`.

A sealed row is made after its case has an id. Renaming a table or a column that holds sealed
values needs the old names as `origin="table|column"`.
"""

import contextlib
import json
import secrets
from typing import TYPE_CHECKING, Any, TypeVar, cast

from cryptography.exceptions import InvalidTag
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import IsNull
from django.db.models.query_utils import DeferredAttribute
from django.views.decorators.debug import sensitive_variables

from workflow.access import shown
from workflow.sealed import keys
from workflow.sealed.binding import bound_case, bound_key
from workflow.sealed.errors import CannotOpenError, SealedError
from workflow.sealed.slot import Ciphertext, Slot, as_stored, reading_as_stored

HEADER = b"v1|"
NONCE_BYTES = 12
TAG_BYTES = 16

Set = TypeVar("Set")
Get = TypeVar("Get")

if TYPE_CHECKING:
    Column = models.Field
else:

    class Column(models.Field):
        """Django's field, made subscriptable: its types exist in its stubs only."""

        def __class_getitem__(cls, _: Any) -> type:
            return cls


class SealedAttribute(DeferredAttribute):
    """The attribute that opens a sealed value when it is first read, and only then."""

    field: "SealedField[Any, Any]"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        slot = self.slot(instance)
        if reading_as_stored():
            return self.field.at_rest(instance, slot)
        if not slot.opened:
            self.field.open(instance, slot)
        return slot.value

    def __set__(self, instance: Any, value: Any) -> None:
        if isinstance(value, Ciphertext):
            instance.__dict__[self.field.attname] = Slot(value)
            return
        if value is not None:
            self.field.check_value(value)
        before = instance.__dict__.get(self.field.attname) or Slot()
        instance.__dict__[self.field.attname] = before.holding(value)

    def slot(self, instance: Any) -> Slot:
        """What the instance holds; a deferred column is fetched first, and not opened."""
        if self.field.attname not in instance.__dict__:
            with as_stored():
                instance.refresh_from_db(fields=[self.field.attname])
        return cast("Slot", instance.__dict__[self.field.attname])


class SealedField(Column[Set, Get]):
    """A column that holds only sealed values; NULL is "no value", an empty text is sealed.

    It can't be searched, ordered or set through a queryset: SealedError says what to do instead.
    """

    description = "A value sealed under the key of its case"
    descriptor_class: Any = SealedAttribute

    def __init__(self, *args: Any, origin: str = "", **kwargs: Any) -> None:
        self.origin = origin
        super().__init__(*args, **kwargs)

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        """The field knows the table and column it first stands in."""
        if cls.__module__ == "__fake__":
            # In a migration's historical models it is a plain binary column.
            self.descriptor_class = DeferredAttribute
        super().contribute_to_class(cls, name, private_only=private_only)
        if not self.origin and not cls._meta.abstract:
            self.origin = f"{cls._meta.db_table}|{self.column}"

    def deconstruct(self) -> Any:
        """The arguments that make this field again, its origin among them."""
        name, path, args, kwargs = super().deconstruct()
        if self.origin:
            kwargs["origin"] = self.origin
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        """A binary column."""
        return "BinaryField"

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        """The database's own refusal of a value that was not sealed."""
        column = connection.ops.quote_name(self.column or self.name)
        least = len(HEADER) + NONCE_BYTES + TAG_BYTES
        return (
            f"substring({column} from 1 for {len(HEADER)}) = decode('{HEADER.hex()}', 'hex')"
            f" AND octet_length({column}) >= {least}"
        )

    @property
    def historical(self) -> bool:
        """Whether this is the field of a historical model in a migration."""
        return self.descriptor_class is DeferredAttribute

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """The value as it rests, not opened."""
        if value is None:
            return None
        return bytes(value) if self.historical else Ciphertext(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The ciphertext to store; CannotOpenError for a row copied to another case unread."""
        if self.historical:
            return super().pre_save(model_instance, add)
        slot = self.descriptor_class(self).slot(model_instance)
        if add and not slot.opened:
            # A row copied with a sealed value must belong to the same case.
            self.open(model_instance, slot)
        return self.at_rest(model_instance, slot)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """The bytes to store; SealedError for a value that was not sealed on an instance."""
        if value is None or isinstance(value, Ciphertext) or self.historical:
            return None if value is None else bytes(value)
        message = f"{self.name} is sealed: set it on an instance and save that."
        raise SealedError(message)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only `isnull`; SealedError for any other question."""
        if lookup_name == "isnull":
            return IsNull
        message = f"{self.name} is sealed: it can’t be searched, only asked whether it is NULL."
        raise SealedError(message)

    def get_transform(self, lookup_name: str) -> Any:
        """None: nothing is derived from a sealed value in the database."""
        return self.get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        """Refused: a serialised row would hold the words."""
        message = f"{self.name} is sealed: it is not serialised."
        raise SealedError(message)

    @sensitive_variables()
    def at_rest(self, instance: models.Model, slot: Slot) -> Ciphertext | None:
        """A slot's value as it goes to the column: the same ciphertext when it did not change."""
        if not slot.opened:
            return slot.ciphertext
        if slot.value is None:
            slot.ciphertext = slot.plain = slot.case_id = None
            return None
        plain, case_id = self.dumps(slot.value), bound_case(instance)
        if slot.ciphertext is not None and slot.plain is None:
            with contextlib.suppress(CannotOpenError):
                slot.plain = self._decrypt(instance, slot.ciphertext)
                slot.case_id = case_id
        if slot.ciphertext is None or (slot.plain, slot.case_id) != (plain, case_id):
            slot.ciphertext = self._encrypt(instance, plain)
            slot.plain, slot.case_id = plain, case_id
        return slot.ciphertext

    @sensitive_variables()
    def open(self, instance: models.Model, slot: Slot) -> None:
        """Reads a slot's ciphertext into its value; CannotOpenError when it isn't its own."""
        if slot.ciphertext is None:
            slot.value = None
        else:
            slot.plain = self._decrypt(instance, slot.ciphertext)
            slot.case_id = bound_case(instance)
            slot.value = self.loads(slot.plain)
            shown.opened(slot.case_id)
        slot.opened = True

    @sensitive_variables()
    def _encrypt(self, instance: models.Model, plain: bytes) -> Ciphertext:
        nonce = secrets.token_bytes(NONCE_BYTES)
        cipher = keys.get(bound_key(instance))
        return Ciphertext(HEADER + nonce + cipher.encrypt(nonce, plain, self._bound_to(instance)))

    @sensitive_variables()
    def _decrypt(self, instance: models.Model, ciphertext: Ciphertext) -> bytes:
        where = f"{type(instance).__name__}.{self.name}"
        if not ciphertext.startswith(HEADER):
            message = f"{where} does not hold a sealed value of a kind this version opens."
            raise CannotOpenError(message)
        nonce = ciphertext[len(HEADER) : len(HEADER) + NONCE_BYTES]
        sealed = ciphertext[len(HEADER) + NONCE_BYTES :]
        try:
            return keys.get(bound_key(instance)).decrypt(nonce, sealed, self._bound_to(instance))
        except (InvalidTag, ValueError):
            message = f"{where} does not open: it was moved from its place or damaged."
            raise CannotOpenError(message) from None

    def _bound_to(self, instance: models.Model) -> bytes:
        return f"{self.origin}|{bound_case(instance)}".encode()

    def check_value(self, value: Any) -> None:
        """Raises SealedError for a value of another type."""
        raise NotImplementedError

    def dumps(self, value: Any) -> bytes:
        """The bytes that are sealed."""
        raise NotImplementedError

    def loads(self, plain: bytes) -> Any:
        """The value of the bytes that were sealed."""
        raise NotImplementedError

    def _must_be(self, value: Any, right: bool, kind: str) -> None:
        if not right:
            message = f"{self.name} holds {kind}, not {type(value).__name__}."
            raise SealedError(message)


class SealedText(SealedField[Set, Get]):
    """Sealed text, kept as typed to the last character."""

    # Read by the type checker's plugin, which makes them optional where the column is.
    _pyi_private_set_type: str
    _pyi_private_get_type: str

    def check_value(self, value: Any) -> None:
        """Raises SealedError for a value of another type."""
        self._must_be(value, isinstance(value, str), "text")

    def dumps(self, value: str) -> bytes:
        """The bytes that are sealed."""
        return value.encode("utf-8", "surrogatepass")

    def loads(self, plain: bytes) -> str:
        """The value of the bytes that were sealed."""
        return plain.decode("utf-8", "surrogatepass")


class SealedJSON(SealedField[Set, Get]):
    """A sealed value of JSON: objects, lists, texts, whole numbers, true, false, null."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any
    empty_strings_allowed = False

    def check_value(self, value: Any) -> None:
        """Raises SealedError for a value of another type."""
        self._must_be(value, isinstance(value, dict | list | str | int | float), "JSON")

    @sensitive_variables()
    def dumps(self, value: Any) -> bytes:
        """The bytes that are sealed."""
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii")

    @sensitive_variables()
    def loads(self, plain: bytes) -> Any:
        """The value of the bytes that were sealed."""
        return json.loads(plain)


class SealedBytes(SealedField[Set, Get]):
    """Sealed bytes: the content of a file."""

    _pyi_private_set_type: bytes
    _pyi_private_get_type: bytes

    def check_value(self, value: Any) -> None:
        """Raises SealedError for a value of another type."""
        self._must_be(value, isinstance(value, bytes), "bytes")

    def dumps(self, value: bytes) -> bytes:
        """The bytes themselves."""
        return value

    def loads(self, plain: bytes) -> bytes:
        """The bytes themselves."""
        return plain
