"""The person who signs in, by e-mail address."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from workflow import clock

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from workflow.people.membership import Membership


class PersonManager(BaseUserManager["Person"]):
    """People, found by an e-mail address however it is typed."""

    def create_person(
        self, *, email: str, name: str, password: str | None = None, joined_at: datetime
    ) -> "Person":
        """Add a person who can sign in; without a password they can't until they set one."""
        person = self.model(email=email, name=name, joined_at=joined_at)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Return the person with this e-mail address, whatever its capitals."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Someone who can sign in. What they may do comes from their memberships alone."""

    email = models.EmailField(
        "e-mail address",
        unique=True,
        error_messages={"unique": "Someone already signs in with this e-mail address."},
    )
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now)
    # A session belongs to the edition it began in: the next one ends every session at once.
    sign_in_edition = models.PositiveIntegerField(default=0, db_default=0)

    objects: ClassVar[PersonManager] = PersonManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name_plural = "people"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(email=Lower(F("email"))), name="person_email_lower_case"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Leave the e-mail address in its one spelling."""
        super().clean()
        self.email = self.email.strip().lower()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the person, the e-mail address in lower case."""
        # One person, one row: an address typed with capitals is the same address.
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Bind a session to the password and the edition, so that either one's change ends it."""
        bound = f"{self.password}:{self.sign_in_edition}"
        return salted_hmac(
            "workflow.people.person.session", bound, secret=secret, algorithm="sha256"
        ).hexdigest()

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the row again, memberships included."""
        self.forget_memberships()
        super().refresh_from_db(*args, **kwargs)

    def forget_memberships(self) -> None:
        """Drop what this instance remembers of its memberships, so that the next look is fresh."""
        self.__dict__.pop("_memberships", None)

    def memberships_on(self, on: date) -> "list[Membership]":
        """Return the memberships in force on a London date, read once for this instance.

        Someone who may no longer sign in holds none.
        """
        if not self.is_active:
            return []
        remembered: dict[date, list[Membership]] = self.__dict__.setdefault("_memberships", {})
        return remembered[on] if on in remembered else self.read_memberships(on)

    def read_memberships(self, on: date, **more: "Combinable") -> "list[Membership]":
        """Return them as they stand now, and remember them; `more` is asked with each."""
        rows = self.memberships.current(on).select_related("organisation").order_by("pk")
        found = list(rows.annotate(**more)) if self.is_active else []
        self.__dict__.setdefault("_memberships", {})[on] = found
        return found

    def roles_on(self, on: date) -> set[str]:
        """Return the slugs of the roles held anywhere on a London date."""
        return {membership.role for membership in self.memberships_on(on)}

    def organisation_ids(self, on: date) -> list[int]:
        """Return the organisations this person belongs to on a London date."""
        return sorted({membership.organisation_id for membership in self.memberships_on(on)})
