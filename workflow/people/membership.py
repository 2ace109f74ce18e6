"""A person's role in an organisation, from its first day to its last."""

from datetime import date
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models

from workflow.audit.history import keep_history
from workflow.people import roles
from workflow.people.dated import DatedQuerySet, DaysCovered, ends_after_it_begins
from workflow.people.organisations import Organisation
from workflow.people.person import Person

ENDS_BEFORE = "The last day must be the same as or after the first day."
WRONG_KIND = "This role can't be held in that kind of organisation."


def _suits_sql() -> str:
    """Return the body of the trigger that lets a role stand only where it may be held."""
    pairs = ", ".join(
        f"('{role.slug}', '{kind}')" for role in roles.ALL for kind in sorted(role.kinds)
    )
    words = WRONG_KIND.replace("'", "''")
    return f"""
        IF (NEW.role, (SELECT kind FROM workflow_organisation WHERE id = NEW.organisation_id))
            NOT IN ({pairs}) THEN
            RAISE EXCEPTION '{words}' USING
                ERRCODE = 'check_violation', CONSTRAINT = 'membership_role_suits_organisation';
        END IF;
        RETURN NEW;
    """  # noqa: S608  # Made of this module's own words alone.


@keep_history()
class Membership(models.Model):
    """What a person is in an organisation. `until` is the last day it holds."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=24, choices=roles.CHOICES)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = (
            ends_after_it_begins("membership_ends_after_it_begins"),
            ExclusionConstraint(
                name="membership_once_a_day",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DaysCovered(), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This person already holds this role there then.",
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "role"], name="membership_by_organisation"),
        )
        triggers = (
            pgtrigger.Trigger(
                name="role_suits_organisation",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_suits_sql(),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, {roles.by_slug(self.role)}, {self.organisation}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores the row; the person in hand forgets what was remembered of memberships."""
        super().save(*args, **kwargs)
        self.person.forget_memberships()

    def clean(self) -> None:
        """Raises ValidationError for a role that does not suit, or days in the wrong order."""
        super().clean()
        if self.until and self.until < self.since:
            raise ValidationError({"until": ENDS_BEFORE})
        if not roles.suits(self.role, self.organisation.kind):
            raise ValidationError({"role": WRONG_KIND})


def join(
    person: Person, organisation: Organisation, role: str, *, on: date, until: date | None = None
) -> Membership:
    """Give a person a role in an organisation from a London date; the role must suit its kind."""
    membership = Membership(
        person=person, organisation=organisation, role=role, since=on, until=until
    )
    membership.full_clean()
    membership.save()
    return membership


def leave(membership: Membership, *, on: date) -> Membership:
    """End a membership: `on` is its last day."""
    membership.until = on
    membership.full_clean()
    membership.save()
    return membership
