"""Who receives a notification, in words: on the send button, and beside what is typed."""

from workflow.law.bodies import OFSTED, PARTNERS, Body
from workflow.models import Case


def names_of(case: Case) -> str:
    """The recipients in a row of words: "the Panel, the Department for Education and Ofsted"."""
    return _row(_names(case))


def readers_of(case: Case) -> str:
    """Who will read what is typed: whoever receives it, and the authority's own people."""
    names = _names(case)
    if not names:
        return (
            "Who receives this follows from what you say under “Say why you are notifying”. Your "
            "own colleagues on this case will read it. "
        )
    words = _row([*names, "your own colleagues on this case"])
    return f"{words[:1].upper()}{words[1:]} will read this. "


def _names(case: Case) -> list[str]:
    return [
        recipient.name if recipient.slug == OFSTED.slug else f"the {_inside(recipient.body)}"
        for recipient in case.route.recipients
    ]


def _row(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _inside(body: Body) -> str:
    """A body's name within a sentence: only the partners are no proper name."""
    name = body.short_name
    return name[:1].lower() + name[1:] if body == PARTNERS else name
