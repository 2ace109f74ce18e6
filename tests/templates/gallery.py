"""Pages made of every component and every question, drawn by the real environment."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.template import engines
from markupsafe import Markup

from config.jinja import Pages
from workflow.forms import (
    CheckboxesField,
    Choice,
    DateField,
    EmailField,
    GovukForm,
    LongTextField,
    NameField,
    NhsNumberField,
    PhoneField,
    PostcodeField,
    RadiosField,
    SelectField,
    TextField,
    TimeField,
    WholeNumberField,
    YesNoField,
)
from workflow.law import duties
from workflow.law.calendar import COMMITTED
from workflow.law.standing import internal, known_late, standing

HERE = Path(__file__).parent
AWARE = date(2026, 12, 18)
TODAY = date(2026, 12, 22)
SENT_AT = datetime(2026, 6, 4, 8, 32, tzinfo=UTC)
CSRF = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="token">')
ADA = SimpleNamespace(name="Ada Example", organisation="Northmoor Council")
NAVIGATION = [
    {"text": "Your incidents", "href": "/", "active": True},
    {"text": "Search", "href": "/search", "active": False},
]


class EveryQuestion(GovukForm):
    """One question of each kind."""

    name = NameField("Child's full name", hint="As the family writes it", not_known=True)
    born_on = DateField(
        "What is the child's date of birth?",
        hint="For example, 27 3 2019",
        called="the child's date of birth",
        short="Date of birth",
        not_known=True,
        past=True,
    )
    aware_time = TimeField("Time you became aware", hint="For example, 9:32am", optional=True)
    outcome = RadiosField(
        "What happened to the child?",
        called="what happened to the child",
        choices=[
            Choice("died", "The child died"),
            Choice("harmed", "The child was seriously harmed", "Including mental health"),
        ],
        not_known=True,
    )
    looked_after = YesNoField(
        "Was the child looked after?", missing="Select yes if the child was looked after"
    )
    agencies = CheckboxesField(
        "Which agencies have you told?",
        called="the agencies you have told",
        choices=[("police", "Police"), ("icb", "Integrated care board")],
        none="None of these",
    )
    area = SelectField("Area", choices=[("801", "Northmoor"), ("802", "Southfen")])
    what = LongTextField("What happened", hint="Do not name anyone", words=20, rows=5)
    place = TextField("Place", width="20", optional=True)
    postcode = PostcodeField("Postcode", partial=True, not_known=True)
    nhs_number = NhsNumberField("NHS number", optional=True)
    children = WholeNumberField("How many children", called="how many children", least=1, most=20)
    email = EmailField("Email address", optional=True)
    phone = PhoneField("Telephone number", optional=True)


GOOD = {
    "name": ["Siân O'Neill-Ō"],
    "born_on-day": ["27"],
    "born_on-month": ["mar"],
    "born_on-year": ["2019"],
    "aware_time": ["9.32 am"],
    "outcome": ["not-known"],
    "looked_after": ["no"],
    "agencies": ["police"],
    "area": ["802"],
    "what": ["One line.\r\nAnother line."],
    "postcode-not-known": ["not-known"],
    "nhs_number": ["999 000 0018"],
    "children": ["2"],
}
WRONG = {
    "born_on-day": ["31"],
    "born_on-month": ["6"],
    "born_on-year": ["2019"],
    "aware_time": ["24:00"],
    "agencies": ["police", "none"],
    "what": ["<script>alert(1)</script> {{7*7}} " + "word " * 30],
    "place": ["x" * 300],
    "postcode": ["SW1A 2A"],
    "nhs_number": ["1234567890"],
    "children": ["200"],
    "email": ["nobody"],
    "phone": ["12"],
}


def environment() -> Pages:
    """The environment that draws the service's pages."""
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    assert isinstance(env, Pages)
    return env


def draw(source: str, **context: Any) -> str:
    """A page from a template's text, as a signed-in person sees it."""
    signed_in = {"csrf_input": CSRF, "person": ADA, "navigation": NAVIGATION, "form": None}
    return environment().from_string(source).render(**{**signed_in, **context})


def component(macro: str, call: str, **context: Any) -> str:
    """One call of one macro: component("tags.html tag", "tag(standing)", standing=...)."""
    file, name = macro.split()
    source = f'{{% from "components/{file}" import {name} %}}{{{{ {call} }}}}'
    return environment().from_string(source).render(**context)


def gallery() -> str:
    """Every component in every state."""
    source = (HERE / "gallery.html").read_text()
    return draw(source, **components())


def questions(form: GovukForm) -> str:
    """A page of questions."""
    return draw((HERE / "questions.html").read_text(), form=form)


def components() -> dict[str, Any]:
    """What the gallery shows."""
    receipt = duties.NOTIFY_THE_PANEL.receipt(AWARE, COMMITTED)
    return {
        "receipt": receipt,
        "sentence": duties.NOTIFY_THE_PANEL.sentence(AWARE),
        "form": EveryQuestion({**GOOD, "children": ["many"]}, on=TODAY),
        "clocks": clocks(),
        "queue": queue(),
        "case": {
            "reference": "SIN-7K2M-Q9XD-4TVB",
            "area": "Northmoor",
            "kind": "Death",
            "children": 2,
            "statuses": [{"machine": "Notification", "words": "Sent", "colour": "blue"}],
            "reviewer": None,
            "waiting_for": "Panel secretariat",
            "next_due": {
                "title": "rapid review",
                "due_on": receipt.due,
                "standing": _standing(receipt.due),
            },
        },
        "events": [
            {
                "title": "Notification sent to the Panel",
                "by": "Ada Example, Northmoor",
                "at": SENT_AT,
                "late": SENT_AT,
                "text": "Sent late:\nthe office was closed.",
                "href": "#read",
                "link": "Read the notification",
            },
            {"title": "Reminder sent", "by": "system", "at": SENT_AT},
        ],
        "tasks": tasks(),
    }


def clocks() -> list[dict[str, Any]]:
    """One clock of each standing."""
    duty = duties.NOTIFY_THE_PANEL
    dues = [date(2027, 1, 29), date(2026, 12, 24), TODAY, date(2026, 12, 18)]
    running = [
        {
            "title": duty.title,
            "sentence": duty.sentence(AWARE),
            "due_on": due,
            "standing": _standing(due),
            "href": "#worked-out",
        }
        for due in dues
    ]
    met = [
        {
            "title": "Send the rapid review",
            "due_on": AWARE,
            "standing": _standing(AWARE, met_on=met_on),
            "note": "A later date was agreed: 8 January 2027.",
        }
        for met_on in (AWARE, TODAY)
    ]
    waits = {"title": "Publish the review", "due_on": None, "standing": None}
    passed = {
        "title": "Tell the partners",
        "due_on": AWARE,
        "standing": standing(AWARE, met_on=None, passed_on=TODAY, on=TODAY, calendar=COMMITTED),
    }
    own = {
        "title": "Notification: next step expected",
        "due_on": AWARE,
        "standing": internal(_standing(AWARE)),
    }
    decides = {**waits, "waiting": "Starts when the partners decide"}
    by_correction = known_late(AWARE, TODAY, COMMITTED)
    corrected = {"title": "Notify the Panel", "due_on": TODAY, "standing": by_correction}
    return [*running, *met, passed, own, decides, corrected, waits]


def queue() -> list[list[dict[str, Any]]]:
    """Three rows of a list of cases."""
    tag = environment().from_string(
        '{% from "components/tags.html" import tag %}{{ tag(standing) }}'
    )
    references = ("SIN-7K2M-Q9XD-4TVB", "SIN-0A1B-2C3D-4E5F", "SIN-ZZZZ-YYYY-XXXX")
    return [
        [
            {"text": reference, "href": f"/cases/{reference}", "nowrap": True},
            {"text": "Northmoor and the Isles of Southfen"},
            {"text": "2"},
            {"text": "Friday 11 December 2026"},
            {"html": Markup(tag.render(standing=_standing(date(2026, 12, 11))))},
        ]
        for reference in references
    ]


def tasks() -> list[dict[str, Any]]:
    """One task of each status."""
    return [
        {"title": "Describe what happened", "href": "#a", "status": "Completed"},
        {
            "title": "Add the children",
            "href": "#b",
            "status": "In progress",
            "hint": "Last edited by P Sharma at 4:40pm",
        },
        {"title": "Say who has been told", "href": "#c", "status": "Not yet started"},
        {"title": "Add the adults", "href": "#d", "status": "There is a problem"},
        {
            "title": "Check and send",
            "href": "#e",
            "status": "Cannot start yet",
            "hint": "First finish:",
            "missing_href": "#c",
            "missing_text": "say who has been told",
        },
    ]


def _standing(due: date, met_on: date | None = None) -> Any:
    return standing(due, met_on=met_on, on=TODAY, calendar=COMMITTED)
