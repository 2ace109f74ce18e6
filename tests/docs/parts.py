"""What the code says, as Markdown: people of the demo, settings, states, roles and tables."""

import re
from collections.abc import Callable
from pathlib import Path

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from reviews.demo.people import sign_ins
from tests.docs import access
from tests.docs.markdown import table
from workflow.api import openapi
from workflow.law import duties, retention
from workflow.machine.acts import Stage, Waiting
from workflow.models import NotificationProcess, PracticeReview, RapidReview
from workflow.people import roles
from workflow.sealed.fields import SealedBytes, SealedField, SealedText

PROJECT = Path(__file__).resolve().parent.parent.parent
SETTINGS = PROJECT / ".env.example"
# Taken by a command, in a browser; each with what it shows.
PICTURES = {
    "home": "A work list, the nearest date first",
    "case": "A case: each clock in words, and whose turn it is",
    "check": "Check answers: what was said, and what is still missing",
    "date": "How a date was worked out",
}
HEADING = re.compile(r"# --- (?P<title>.*?) -*$")
VARIABLE = re.compile(r"(?P<name>[A-Z_]+)=(?P<value>.*)$")
OURS = ("workflow", "notifications", "reviews")
# What no case has a key for.
SEALED_UNDER_THE_MASTER_KEY = {
    ("workflow.Webhook", "secret"),
    ("workflow.Webhook", "secret_before"),
}


def demo_people() -> str:
    """Who can sign in to the demo."""
    return table(
        ["role", "e-mail", "password"],
        [[str(row.role), row.email, f"`{row.password}`"] for row in sign_ins()],
    )


def picture(name: str) -> str:
    """The picture of a screen; nothing where it was not taken."""
    path = f"docs/pictures/{name}.png"
    return f"![{PICTURES[name]}]({path})" if (PROJECT / path).is_file() else ""


def pictures() -> str:
    """The main screens, two in a row, as far as pictures of them were taken."""
    shown = [(picture(name), words) for name, words in PICTURES.items() if picture(name)]
    rows = [shown[start : start + 2] for start in range(0, len(shown), 2)]
    tables = [table([words for _, words in row], [[shot for shot, _ in row]]) for row in rows]
    return "\n\n".join(["## The main screens", *tables]) if tables else ""


def settings() -> str:
    """Every variable of `.env.example` with its default and what it is for."""
    found: list[str] = []
    rows: list[list[str]] = []
    words: list[str] = []

    def close() -> None:
        if rows:
            found.append(table(["variable", "as it comes", "what it is for"], rows))
        rows.clear()

    for line in SETTINGS.read_text(encoding="utf-8").splitlines():
        if heading := HEADING.match(line):
            close()
            found.append(f"### {heading['title']}")
        elif variable := VARIABLE.match(line):
            value = f"`{variable['value']}`" if variable["value"] else "(empty)"
            rows.append([f"`{variable['name']}`", value, " ".join(words)])
            words = []
        elif line.startswith("# "):
            words.append(line[2:])
        elif not line:
            words = []
    close()
    return "\n\n".join(found)


def states() -> str:
    """Each state of the three machines: its name on screens, whose turn it is, by when."""
    found = []
    for machine in (NotificationProcess, RapidReview, PracticeReview):
        labels = dict(machine._meta.get_field("state").flatchoices)
        rows = [
            [str(labels[state]), f"`{state}`", _turn(waiting), _by_when(waiting)]
            for state, waiting in machine.WAITING.items()
        ]
        found.append(f"### {machine.MACHINE.capitalize()}")
        found.append(table(["on screens", "in code", "whose turn", "by when"], rows))
    return "\n\n".join(found)


def _turn(waiting: Waiting) -> str:
    if waiting.stage is Stage.OPEN:
        return roles.by_slug(waiting.role).title
    return "nobody's: an end" if waiting.stage is Stage.END else "nobody's: it goes on elsewhere"


def _by_when(waiting: Waiting) -> str:
    if waiting.stage is not Stage.OPEN:
        return ""
    clocks = [duties.by_slug(slug).title for slug in waiting.duties]
    days = "1 working day" if waiting.working_days == 1 else f"{waiting.working_days} working days"
    inside = f"{days} (internal)"
    return f"{', '.join(clocks)}; without such a clock {inside}" if clocks else inside


def roles_held() -> str:
    """Each role: its name on screens, where it may be held, what it reads, who stands in."""
    kinds = dict(roles.KINDS)
    return table(
        ["on screens", "in code", "held in", "reads", "stands in, in this order"],
        [
            [
                role.title,
                f"`{role.slug}`",
                ", ".join(kinds[kind] for kind in kinds if kind in role.kinds),
                ", ".join(sorted(role.reads)) or "only what it is asked for",
                ", ".join(roles.by_slug(slug).title for slug in role.stand_ins) or "nobody",
            ]
            for role in roles.ALL
        ],
    )


def tables() -> str:
    """Each table of ours and each of its columns: sealed or clear, and what it points at."""
    return "\n\n".join(
        _table(model)
        for app in OURS
        for model in sorted(apps.get_app_config(app).get_models(), key=lambda m: m._meta.db_table)
        if not hasattr(model, "pgh_tracked_model")
    )


def _table(model: type[models.Model]) -> str:
    says = (model.__doc__ or "").strip().split("\n\n")
    rows = [
        [f"`{field.column}`", _kind(field), _rest(field), _more(field)]
        for field in model._meta.fields
    ]
    history = getattr(model, "pgh_event_model", None)
    kept = f"Every change of a row is kept in `{history._meta.db_table}`." if history else ""
    if any(trigger.name == "keep_rows" for trigger in getattr(model._meta, "triggers", [])):
        kept = "Rows are only ever added."
    told = " ".join(" ".join(part.split()) for part in says)
    head = f"### `{model._meta.db_table}`\n\n{told}"
    return "\n\n".join(
        part for part in (head, kept, table(["column", "type", "rests", ""], rows)) if part
    )


def _kind(field: "models.Field[object, object]") -> str:
    if isinstance(field, SealedField):
        if isinstance(field, SealedBytes):
            return "a file's bytes"
        return "text" if isinstance(field, SealedText) else "JSON"
    if isinstance(field, ArrayField):
        return f"list of {_kind(field.base_field)}s"
    names = {
        "BigAutoField": "key",
        "BinaryField": "bytes",
        "ForeignKey": "reference",
        "OneToOneField": "reference",
        "CharField": "text",
        "ClientSecretField": "text",
        "TextField": "text",
        "StateField": "text",
        "EmailField": "text",
        "DateField": "London date",
        "TimeField": "London time",
        "DateTimeField": "UTC instant",
        "BooleanField": "yes or no",
        "JSONField": "JSON",
        "UUIDField": "UUID",
    }
    return names.get(type(field).__name__, "number")


def _rest(field: "models.Field[object, object]") -> str:
    if type(field).__name__ == "ClientSecretField":
        return "its hash alone"
    if (field.model._meta.label, field.name) in SEALED_UNDER_THE_MASTER_KEY:
        return "**sealed** under the master key"
    return "**sealed**" if isinstance(field, SealedField) else "clear"


def _more(field: "models.Field[object, object]") -> str:
    related = field.related_model
    words = []
    if isinstance(related, type) and issubclass(related, models.Model):
        words.append(f"`{related._meta.db_table}`")
    if field.unique and not field.primary_key:
        words.append("unique")
    if field.null:
        words.append("may be missing")
    return ", ".join(words)


def api_addresses() -> str:
    """Every address for programs: what it is asked with, the scope it needs, what it is for."""
    rows = [
        [
            f"`{method.upper()} {one.path}`",
            f"`{one.view.scope}`" if one.view.scope else "the secret",
            (one.view.__doc__ or "").split("\n")[0],
        ]
        for one in openapi.addresses()
        for method in one.methods
    ]
    return table(["address", "scope", "what it is"], rows)


def kept() -> str:
    """Each class of records, for how long it is kept, and by what."""
    rows = [
        [one.of, f"{one.years} years", "; ".join(str(source) for source in one.cites)]
        for one in retention.ALL
    ]
    return table(["records", "kept for", "after"], rows)


ALL: dict[str, Callable[[], str]] = {
    "acts-on-a-case": access.acts_on_a_case,
    "acts-on-no-case": access.acts_on_no_case,
    "api-addresses": api_addresses,
    "demo-people": demo_people,
    "first-picture": lambda: picture("case"),
    "guarded-tables": access.guarded_tables,
    "pictures": pictures,
    "purposes": access.purposes,
    "reach": access.reach,
    "retention": kept,
    "settings": settings,
    "states": states,
    "roles": roles_held,
    "tables": tables,
}
