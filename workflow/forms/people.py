"""Whom to invite, as what, from when to when."""

from collections.abc import Sequence
from typing import Any

from workflow.forms import DateField, EmailField, GovukForm, NameField, RadiosField
from workflow.people.roles import Role


class RoleForm(GovukForm):
    """Which role somebody who is here already holds besides."""

    role = RadiosField("Role", called="the role")
    since = DateField("First day", called="the first day", hint="Like {example}", future=True)
    until = DateField(
        "Last day",
        called="the last day",
        hint="Leave it empty if it does not end",
        optional=True,
        future=True,
    )

    def __init__(self, *args: Any, offered: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        if isinstance(role, RadiosField):
            role.choices = [(one.slug, one.title) for one in offered]


class InviteForm(RoleForm):
    """Who is invited."""

    name = NameField("Name", called="their name", autocomplete="off")
    email = EmailField(
        "Email address",
        called="their email address",
        hint="Their own address at work, never a shared one",
        autocomplete="off",
    )
    field_order = ("name", "email", "role", "since", "until")
