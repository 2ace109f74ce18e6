"""How an organisation is arranged: approval, its named senior, the address for its post."""

from collections.abc import Sequence
from typing import Any

from workflow.forms import EmailField, GovukForm, RadiosField, YesNoField
from workflow.forms.choices import Choice

NOBODY = "nobody"


class OrganisationForm(GovukForm):
    """What is chosen for an organisation; approval for a local authority alone.

    `people` are those who may be named, each with the value that stands for them in the form.
    """

    approval = YesNoField(
        "Does somebody other than its author approve a notification before it is sent?",
        called="whether a notification is approved before it is sent",
        missing="Select yes if somebody else approves a notification before it is sent",
        yes_hint="An absent approver never holds a notification: whoever wrote it can send it at"
        " once, and it is approved afterwards",
        no_hint="It is sent by whoever wrote it. So it is unless you choose otherwise",
    )
    senior = RadiosField(
        "Named senior",
        called="the named senior",
        hint="What falls to a role that nobody holds, or to somebody who has left, passes to this"
        " person the same day. Being named gives no role: they see what their own roles show them",
    )
    contact = EmailField(
        "Contact address",
        called="the contact address",
        hint="What is written to the organisation, and to nobody by name, goes to this address"
        " instead of its people. Nothing about a restricted case goes there. Leave it empty to"
        " have it go to its people",
        optional=True,
        autocomplete="off",
    )

    def __init__(
        self, *args: Any, people: Sequence[tuple[str, str]], asks_approval: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        senior = self.fields["senior"]
        if isinstance(senior, RadiosField):
            nobody = Choice(NOBODY, "Nobody", "It passes to other roles of the organisation")
            senior.choices = [*people, nobody]
        if not asks_approval:
            del self.fields["approval"]
