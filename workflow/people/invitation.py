"""An invitation: who may come in, as what, until when; and what was done about people."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q

from workflow import opaque
from workflow.audit.walls import append_only
from workflow.people import roles
from workflow.people.dated import ends_after_it_begins
from workflow.people.organisations import Organisation

LASTS = timedelta(days=7)
_SALT = "invitation"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations, narrowed by adjectives."""

    def waiting(self) -> Self:
        """Those neither accepted nor withdrawn, expired or not."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)


class Invitation(models.Model):
    """A role offered to somebody by mail. It is accepted once, before it expires, or never.

    The link names the row, by what is no key, and the moment of its last sending, so that an older
    one opens nothing.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=24, choices=roles.CHOICES)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            ends_after_it_begins("invitation_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def title(self) -> str:
        """The role as screens name it."""
        return roles.by_slug(self.role).title

    @property
    def secret(self) -> str:
        """What its link ends with: only this service can make one."""
        named = opaque.hide(opaque.INVITATION, self.pk)
        return signing.dumps([named, self.sent_at.isoformat()], salt=_SALT)


def by_secret(secret: str) -> Invitation | None:
    """The invitation of a link, in whatever state; None for one forged or sent anew since."""
    try:
        named, sent = signing.loads(secret, salt=_SALT)
        key = opaque.find(opaque.INVITATION, named)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if key is None:
        return None
    found = Invitation.objects.filter(pk=key).select_related("person", "organisation", "invited_by")
    row = found.first()
    return row if row and row.sent_at.isoformat() == sent else None


class PeopleAct(models.Model):
    """One thing that somebody did about who may come in, or about how an organisation is arranged.

    It is about a person, or about the organisation as such. Never changed, never removed.
    """

    class Did(models.TextChoices):
        INVITED = "invited", "Invited"
        SENT_AGAIN = "sent_again", "Invitation sent again"
        WITHDREW = "withdrew", "Invitation withdrawn"
        ACCEPTED = "accepted", "Invitation accepted"
        GAVE = "gave", "Role given"
        ENDED = "ended", "Role ended"
        DEACTIVATED = "deactivated", "Account closed"
        REACTIVATED = "reactivated", "Account opened again"
        FACTOR_AWAY = "factor_away", "Second step taken away"
        LET_IN = "let_in", "System let in"
        SHUT_OUT = "shut_out", "System shut out"
        APPROVAL_ON = "approval_on", "Approval before sending turned on"
        APPROVAL_OFF = "approval_off", "Approval before sending turned off"
        SENIOR_NAMED = "senior_named", "Named as the senior"
        SENIOR_AWAY = "senior_away", "No longer the named senior"
        CONTACT_SET = "contact_set", "Contact address changed"
        CONTACT_AWAY = "contact_away", "Contact address taken away"

    did = models.CharField(max_length=20, choices=Did.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="acts_about"
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=24, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    did__in=[
                        "invited", "sent_again", "withdrew", "accepted", "gave", "ended",
                        "deactivated", "reactivated", "factor_away", "let_in", "shut_out",
                        "approval_on", "approval_off", "senior_named", "senior_away",
                        "contact_set", "contact_away",
                    ]
                ),
                name="peopleact_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    did__in=["approval_on", "approval_off", "contact_set", "contact_away"],
                    person__isnull=True,
                )
                | Q(person__isnull=False)
                & ~Q(did__in=["approval_on", "approval_off", "contact_set", "contact_away"]),
                name="peopleact_about_somebody",
            ),
        ]  # fmt: skip
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.did} ({self.pk})"
