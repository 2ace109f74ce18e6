"""The same case filed on the screens and by a system: whatever is stored of it is the same.

Every row of every table of cases is compared, histories too, sealed columns opened. What differs is
who did it and in which role, and what is drawn anew for each row.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client

from notifications.models import QuarantinedContent
from tests.notifications.answers import CHILD, PAGES, at, fill, sign_in
from tests.notifications.api.filed import FILE, body, read, send
from tests.story import Cast
from workflow.access.rows import tables_of_cases
from workflow.api.clients import LetIn
from workflow.models import ApiWrite, Case, Look, Person

Rows = dict[str, list[dict[str, Any]]]
# Of the screens nobody keeps what was answered; looks are what each of the two was shown. What no
# scanner has seen the service itself can't read, and a notification brings no document.
BESIDE = (ApiWrite, Look, QuarantinedContent)
DRAWN = {"id", "pgh_id", "pgh_created_at", "token", "key_id", "salt", "opening"}
AFTER_THE_CHILDREN = ("informed", "informed-when", "other-processes")


def told_of(case: Case, actor: Person, role: str) -> Rows:
    """Every row about a case, by table."""
    guarded = tables_of_cases()
    known = [one for one in apps.get_models(include_auto_created=True) if one not in BESIDE]
    found: Rows = {}
    for model in known:
        if model._meta.db_table not in guarded:
            continue
        fields = {field.name for field in model._meta.fields}
        own = "pk" if model is Case else "case" if "case" in fields else "pgh_obj"
        if own not in {"pk", *fields}:
            continue
        rows = model._default_manager.filter(**{own: case.pk})
        told = [_told(row, case, actor, role, guarded) for row in rows]
        found[model._meta.db_table] = sorted(told, key=str)
    return found


def _told(
    row: models.Model, case: Case, actor: Person, role: str, guarded: set[str]
) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for field in row._meta.fields:
        other: Any = field.related_model
        if field.name in DRAWN or (other and other._meta.db_table in guarded):
            continue
        value = getattr(row, field.attname)
        if other is Person:
            value = "whoever filed" if value == actor.pk else value
        elif value == role:
            value = "in that role"
        elif isinstance(value, str):
            value = value.replace(f":{case.pk}:", ":case:")
        said[field.name] = value
    return said


def on_the_screens(client: Client, changes: dict[str, dict[str, Any]]) -> None:
    """It is started, filled in page by page as the tasks stand, then sent or put for approval."""
    basis = {**PAGES["basis"], **changes.get("basis", {})}
    typed = {**basis, **changes.get("status", {})}
    assert client.post("/notifications/new/start/", typed).status_code == 302
    case = Case.objects.get()

    def page(slug: str) -> None:
        answer = fill(
            client, at("page", case, page=slug), {**PAGES.get(slug, {}), **changes.get(slug, {})}
        )
        assert answer.status_code == 302, slug

    before = [one for one in PAGES if one != "basis" and one not in AFTER_THE_CHILDREN]
    for slug in before:
        page(slug)
        if slug == "harm" and "cause" in changes:
            page("cause")
    for slug, said in CHILD.items():
        href = at("item-add", case, section="children")
        if slug != "name":
            href = at("item-page", case, section="children", item=1, page=slug)
        answer = fill(client, href, {**said, **changes.get(slug, {})})
        assert answer.status_code == 302, slug
    for slug in AFTER_THE_CHILDREN:
        page(slug)
    if case.authority.approval_required:
        assert client.post(at("approve", case), {"then": "ask"}).status_code == 302
    else:
        answer = client.post(at("send", case), {"then": "send"})
        assert answer["Location"] == at("sent", case)


def undone(act: Callable[[], Rows]) -> Rows:
    """What an act leaves, which is then as if it had not been."""
    with transaction.atomic():
        found = act()
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("approval", [False, True])
def test_the_same_case_is_stored_alike(
    everyone: Cast, system: LetIn, token: str, approval: bool
) -> None:
    everyone.northmoor.approval_required = approval
    everyone.northmoor.save()

    def screens() -> Rows:
        on_the_screens(sign_in(everyone.ada), {})
        return told_of(Case.objects.get(), everyone.ada, "la_notifier")

    first = undone(screens)
    assert not Case.objects.exists()
    answer = send(token, FILE, body())
    assert answer.status_code == 201, answer.json()
    second = told_of(Case.objects.get(), system.client.account, "la_filing_system")
    assert first.keys() == second.keys()
    for table, rows in first.items():
        assert second[table] == rows, table
    filled = {table for table, rows in first.items() if rows}
    assert filled >= {
        "workflow_case", "workflow_answers", "workflow_answersevent", "workflow_deadline",
        "workflow_event", "workflow_grant", "workflow_notificationprocess",
    }  # fmt: skip
    assert ("notifications_notification" in filled) is not approval
    opened = {row["section"]: row["answers"] for row in first["workflow_answers"]}
    assert opened["children"] == {"given": ["Nia"], "family": ["Sample"], "others": [""]}


def test_a_difference_would_be_found(everyone: Cast, system: LetIn, token: str) -> None:
    found = []
    for words in ("Bruises.", "Scars."):
        sent = body(description={"description": words})

        def filed(sent: dict[str, Any] = sent) -> Rows:
            assert send(token, FILE, sent).status_code == 201
            return told_of(Case.objects.get(), system.client.account, "la_filing_system")

        found.append(undone(filed))
    first, second = found
    assert {table for table in first if first[table] != second[table]} == {
        "workflow_answers", "workflow_answersevent",
    }  # fmt: skip


def test_what_ada_filed_reads_as_what_a_system_filed(
    everyone: Cast, system: LetIn, token: str
) -> None:
    def screens() -> Rows:
        on_the_screens(sign_in(everyone.ada), {})
        address = f"/api/v1/cases/{Case.objects.get().token}/notification"
        return dict(read(token, address).json())

    first = undone(screens)
    second = read(token, send(token, FILE, body()).json()["address"]).json()
    for both in ("pages", "children", "adults", "recipients", "state", "sent_on"):
        assert first[both] == second[both]
