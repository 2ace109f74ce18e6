"""Which account of an organisation's provider is whose: bound by its person, signed in here."""

from datetime import date, datetime
from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.dispatch import receiver
from django.http import HttpRequest

from workflow import clock
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.signing_in.providers import Provider

_VOUCHED = "vouched_for_by"


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
    """The providers that vouch for all that the person is on a London date: see `vouches_for`."""
    return [one for one in providers() if vouches_for(one, person, on)]


def vouches_for(provider: Provider, person: Person, on: date) -> bool:
    """Whether the person holds a role on a London date, and each where this provider was chosen.

    Whoever also holds a role elsewhere is more than one organisation can vouch for: what another
    body's people see was never its administrators' to give. They use their password.
    """
    held = person.memberships_on(on)
    chosen = {one.organisation for one in providers() if one.issuer == provider.issuer}
    there = any(_names(row.organisation) & {provider.organisation} for row in held)
    return there and all(_names(row.organisation) & chosen for row in held)


def note_in(request: HttpRequest, provider: Provider, person: Person) -> None:
    """This session is one for which the provider vouches, if the person comes in by it."""
    request.session[_VOUCHED] = [provider.name, person.pk]


def is_vouched_for(request: HttpRequest) -> bool:
    """Whether what let the signed-in person in still would: a role of theirs may be new since."""
    name, key = request.session.get(_VOUCHED, ("", None))
    person = request.user
    if not isinstance(person, Person) or person.pk != key:
        return True
    today = clock.today()
    return any(one.name == name and vouches_for(one, person, today) for one in providers())


def _names(organisation: Organisation) -> set[str]:
    code = f"authority:{organisation.dfe_code}" if organisation.dfe_code else ""
    return {one for one in (organisation.key, code) if one}


def whose(provider: Provider, subject: str, on: date) -> Person | None:
    """Whom an account lets in: who bound it, while the provider vouches for all that they are."""
    row = OutsideAccount.objects.filter(provider=provider.name, subject=subject).first()
    return row.person if row is not None and vouches_for(provider, row.person, on) else None


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
