"""A notification as a program files it, and how it asks."""

from copy import deepcopy
from typing import Any
from uuid import uuid4

from django.test import Client

from tests.story import Cast
from tests.workflow.api.conftest import bearer
from workflow import clock
from workflow.api import clients
from workflow.api.clients import LetIn
from workflow.models import IndexKey, Organisation
from workflow.sealed import blind, keys

FILE = "/api/v1/notifications"
NK = "not-known"
PAGES: dict[str, dict[str, Any]] = {
    "basis": {
        "happened": "seriously_harmed", "abuse": "suspected", "place": "in_area", "age": "under_18",
    },
    "partners": {"agreed": "yes", "views": ""},
    "awareness": {
        "aware_on": "2026-11-19", "aware_time": "9:30am", "raised_by": "3E",
        "how": "The hospital rang.",
    },
    "contact": {
        "name": "Ada", "job": "Head of safeguarding", "phone": "01632 960001",
        "email": "ada@northmoor.example",
    },
    "when": {"exactness": "one_day", "began_on": "2026-11-18", "time": "11:15pm"},
    "where": {"location": "family_home", "postcode": "ZZ1 1AA", "place": ""},
    "harm": {
        "types": ["physical_abuse", "non_accidental_injury"], "setting": "inside_home",
        "neglect_before": NK, "weapon": False,
    },
    "description": {"description": "Child A was found with bruises."},
    "response": {
        "investigation": "investigation", "joint_agency": NK, "press": "no",
    },
    "safety": {"others": True, "action": "Child B stays with an aunt."},
    "informed": {"informed": ["police"]},
    "informed-when": {"police_on": "2026-11-19", "police_reference": "XY/1"},
    "other-processes": {"processes": ["criminal"]},
}  # fmt: skip
CHILD: dict[str, dict[str, Any]] = {
    "name": {"given": "Nia", "family": "Sample", "others": ""},
    "part": {"role": "subject", "fate": "harmed"},
    "birth": {"basis": "born_on", "born_on": "2021-03-27", "sex": "F"},
    "ethnic-group": {"group": "White"},
    "ethnicity": {"ethnicity": "WBRI"},
    "background": {
        "religion": NK, "language": "English", "interpreter": False, "immigration": "not_subject",
    },
    "health": {"disabilities": ["NONE"], "condition": "none", "mental": "none"},
    "school": {"status": "below_school_age", "nhs_number": "999 000 0018"},
    "home": {"residence": "here", "address": "1 Invented Street", "living": "one_parent"},
    "social-care": {
        "known": "before", "in_need": "never", "protection": "before", "category": "NEG",
        "looked_after": "never", "care_leaver": False,
    },
    "services": {
        "section_47": False, "early_help": True, "youth_justice": False,
        "agencies": ["gp", "hospital"],
    },
}  # fmt: skip
SCOPES = ("cases.read", "reference.read", "notifications.read", "notifications.write")


def body(**changes: dict[str, Any]) -> dict[str, Any]:
    """A whole notification with one child; `changes` are answers by page of what is told once."""
    pages = deepcopy(PAGES)
    for page, said in changes.items():
        pages.setdefault(page, {}).update(said)
    return {"pages": pages, "children": [deepcopy(CHILD)]}


def let_in(everyone: Cast, place: str = "northmoor", *scopes: str) -> LetIn:
    """A system of an authority that files, unless it may do something else.

    The indexes have their keys, as in any service in which somebody filed before.
    """
    now = clock.now()
    for body_of_people in (Organisation.objects.get(key="panel"), getattr(everyone, place)):
        blind.veil_of(body_of_people.pk, make=lambda: 0)
    return clients.let_in(
        "Case files", getattr(everyone, place), scopes or SCOPES, by=everyone.sam,
        on=clock.london_date(now), at=now,
    )  # fmt: skip


def send(token: str, path: str, said: Any, *, key: str = "", **headers: str) -> Any:
    """What the service answers to this; a new key unless one is given."""
    known = {"Idempotency-Key": key or str(uuid4()), **bearer(token)}
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = "application/json"
    return Client().post(path, said, content_type=kind, headers={**known, **more})


def read(token: str, path: str) -> Any:
    """What the service answers to whoever reads there."""
    return Client().get(path, headers=bearer(token))


def named(answer: Any) -> list[str]:
    """The places that a refusal names."""
    return [one["name"] for one in answer.json()["errors"]]


def keys_of_cases() -> set[str]:
    """The keys in the store but for those of the indexes, which are of no case."""
    of_indexes = {str(key_id) for key_id in IndexKey.objects.values_list("key_id", flat=True)}
    return {key_id for key_id, _ in keys.store().ids()} - of_indexes
