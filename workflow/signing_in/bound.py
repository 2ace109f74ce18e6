"""Which account of an organisation's provider is whose: bound by its person, signed in here."""

from datetime import date, datetime
from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.dispatch import receiver

from workflow.people.membership import Membership
from workflow.people.person import Person
from workflow.signing_in.providers import Provider


class OutsideAccount(models.Model):
    """A person's account with a provider. Of its name there only a digest is kept.

    The digest is of issuer and subject, so that another issuer under the same name is a stranger.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="outside_accounts")
    provider = models.CharField(max_length=80)
    subject = models.CharField(max_length=64)
    bound_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["provider", "subject"], name="outsideaccount_is_one_person"
            ),
            models.UniqueConstraint(
                fields=["provider", "person"], name="outsideaccount_one_for_each_person"
            ),
        )

    def __str__(self) -> str:
        return f"Account of person {self.person_id} with {self.provider}"


class TakenError(Exception):
    """The account is somebody else's here."""


def providers() -> tuple[Provider, ...]:
    """Every provider that is configured."""
    return settings.SIGN_IN_PROVIDERS


def offered_to(person: Person, on: date) -> list[Provider]:
    """The providers of the organisations in which the person holds a role on a London date."""
    return [one for one in providers() if _belongs(person, one, on)]


def _belongs(person: Person, provider: Provider, on: date) -> bool:
    kind, _, code = provider.organisation.partition(":")
    of_it = Q(organisation__key=provider.organisation)
    if kind == "authority":
        of_it |= Q(organisation__dfe_code=code)
    held = Membership.objects.current(on).filter(of_it, person=person)
    return bool(person.is_active and held.exists())


def whose(provider: Provider, subject: str, on: date) -> Person | None:
    """Whom an account lets in: who bound it, while they hold a role in its organisation."""
    row = OutsideAccount.objects.filter(provider=provider.name, subject=subject).first()
    return row.person if row is not None and _belongs(row.person, provider, on) else None


@transaction.atomic
def bind(person: Person, provider: Provider, subject: str, *, at: datetime) -> None:
    """The account is the person's, in place of any other of theirs; or TakenError."""
    # Of one person, two at once wait for each other here.
    list(Person.objects.select_for_update().filter(pk=person.pk))
    mine = OutsideAccount.objects.filter(provider=provider.name, subject=subject).first()
    if mine is not None and mine.person_id != person.pk:
        raise TakenError
    try:
        with transaction.atomic():
            OutsideAccount.objects.update_or_create(
                provider=provider.name, person=person, defaults={"subject": subject, "bound_at": at}
            )
    except IntegrityError:
        # Somebody else confirmed the same account at the same moment, and was first.
        raise TakenError from None


def used(person: Person, provider: Provider, *, at: datetime) -> None:
    """That the person came in by it is noted."""
    OutsideAccount.objects.filter(person=person, provider=provider.name).update(used_at=at)


def unbind(person: Person, provider: Provider) -> bool:
    """The account lets nobody in any more; False when there was none."""
    rows = OutsideAccount.objects.filter(person=person, provider=provider.name)
    return bool(rows.delete()[0])


def unbind_all(person: Person) -> None:
    """No account with any provider lets the person in, until they connect one anew.

    For whatever may follow on a stranger at their account: who connected one must not stay.
    """
    OutsideAccount.objects.filter(person=person).delete()


@receiver([password_changed, password_reset, password_set])
def _with_another_password(user: Person, **rest: Any) -> None:
    unbind_all(user)
