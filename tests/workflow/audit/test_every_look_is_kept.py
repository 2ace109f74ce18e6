"""Whatever shows a case to somebody leaves a row that says so, whichever page it is.

That each page does so is asked by the walk over all of them, `templates/test_routes.py`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from tests import shown, sight
from tests.story import Cast, Story, a_case, cast, moment, three_stages
from tests.workflow.audit.looking import kept_since, last, unaccounted
from workflow.audit import looks
from workflow.audit.looks import tokens_in
from workflow.audit.models import Look
from workflow.feeds import addresses
from workflow.machine import emergencies
from workflow.models import Case, Membership
from workflow.people import reference

TODAY = "2026-12-10"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment(TODAY, "09:30"), tick=False):
        yield


@pytest.fixture
def everyone(db: None) -> Cast:
    found = cast()
    reference.load()
    return found


@pytest.fixture
def stories(everyone: Cast) -> list[Story]:
    """A draft, one sent late, one decided, and one of another authority's."""
    return [
        *three_stages(everyone),
        a_case(everyone, aware="2026-12-01", by="cara").notified("2026-12-02", by="cara"),
    ]


def client_of(everyone: Cast, name: str, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(everyone.people[name])
    shown.who_it_is(client, everyone.people[name])
    return client


def test_the_walk_finds_a_page_that_is_not_accounted_for(
    everyone: Cast, stories: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*args: object, **kwargs: object) -> None:
        return None

    monkeypatch.setattr(looks, "_write", nothing)
    client = client_of(everyone, "ada")
    for address in (reverse("home"), reverse("case", args=[stories[0].case.token])):
        before = last()
        assert unaccounted(client.get(address), since=before) != [], address


def test_a_look_says_who_in_which_place_as_what_for_what_and_how_much(
    everyone: Cast, stories: list[Story]
) -> None:
    token = stories[2].case.token
    client_of(everyone, "ira").get(reverse("notifications:children", args=[token]))
    row = Look.objects.get()
    assert (row.person, row.case, row.authority) == (
        everyone.ira,
        stories[2].case,
        everyone.northmoor,
    )
    assert row.organisation
    assert row.organisation.name == "Northmoor Integrated Care Board"
    assert (row.role, row.capacity) == ("safeguarding_partner", "partner")
    assert (row.act, row.page) == ("view.children", "notifications:children")
    assert (row.way, row.at) == ("page", moment(TODAY, "09:30"))


def test_a_list_keeps_each_of_its_cases_in_one_statement(
    everyone: Cast, stories: list[Story], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    from tests.bench.counting import statements  # noqa: PLC0415

    client = client_of(everyone, "sol")
    with statements() as sent:
        client.get(f"{reverse('queue')}?part=all")
    rows = kept_since(0)
    assert len({row.case_id for row in rows}) == len(rows) >= 2
    assert {(row.fields, row.act, row.capacity) for row in rows} == {("listed", "", "panel")}
    assert sum("workflow_look" in sql for sql in [*sent.around, *sent.counted]) == 1


def test_what_was_written_is_told_from_what_was_only_dated(
    everyone: Cast, stories: list[Story]
) -> None:
    case = stories[1].case
    client = client_of(everyone, "ben")
    client.get(reverse("case", args=[case.token]))
    client.get(reverse("timeline", args=[case.token]))
    assert [row.fields for row in kept_since(0)] == ["record", "content"]


def test_a_file_and_a_calendar_are_kept_as_what_they_are(
    everyone: Cast, stories: list[Story]
) -> None:
    client = client_of(everyone, "ben")
    for form in ("csv", "xlsx", "ods"):
        before = last()
        answer = client.get(reverse(f"breach-{form}"))
        assert answer.status_code == 200
        # Read to its end, so that its file is closed.
        assert answer.getvalue()
        rows = kept_since(before)
        assert {row.case_id for row in rows} == {stories[1].case.pk}, form
        assert {row.way for row in rows} == {"file"}, form
    before, secret = last(), addresses.make(everyone.ada, at=moment(TODAY))
    assert Client().get(reverse("calendar-feed", args=[secret])).status_code == 200
    rows = kept_since(before)
    assert rows
    assert {(row.way, row.person) for row in rows} == {("calendar", everyone.ada)}


def test_a_page_that_fails_after_the_case_was_read_leaves_a_look_all_the_same(
    everyone: Cast, stories: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object, **kwargs: object) -> HttpResponse:
        raise RuntimeError("a template that is wrong")

    monkeypatch.setattr("workflow.views.case.render", fails)
    client = client_of(everyone, "ada", raise_request_exception=False)
    assert client.get(reverse("case", args=[stories[1].case.token])).status_code == 500
    row = Look.objects.get()
    assert (row.way, row.case, row.act) == ("failed", stories[1].case, "view.case")


def test_a_page_whose_transaction_is_rolled_back_leaves_a_look_all_the_same(
    everyone: Cast, stories: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.shortcuts import render as draws  # noqa: PLC0415

    def undone(request: HttpRequest, *args: Any) -> HttpResponse:
        answer = draws(request, *args)
        transaction.set_rollback(True)
        return answer

    monkeypatch.setattr("workflow.views.case.render", undone)
    answer = client_of(everyone, "ada").get(reverse("case", args=[stories[1].case.token]))
    assert answer.status_code == 200
    assert Look.objects.get().way == "page"


def test_no_answer_is_sent_whose_look_can_not_be_kept(
    everyone: Cast, stories: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "_KEEP", "SELECT 1 / 0, %(cases)s::bigint[]")
    client = client_of(everyone, "ada", raise_request_exception=False)
    answer = client.get(reverse("case", args=[stories[1].case.token]))
    assert answer.status_code == 500
    assert tokens_in(answer) == set()


def test_a_page_that_refuses_or_leads_on_leaves_none(everyone: Cast, stories: list[Story]) -> None:
    client = client_of(everyone, "cara")
    assert client.get(reverse("case", args=[stories[0].case.token])).status_code == 404
    assert Look.objects.count() == 0
    # A reference typed by somebody who can't open the case shows nothing of it.
    client.get(f"{reverse('breach-list')}?q={stories[0].case.address}")
    assert not Look.objects.filter(case=stories[0].case).exists()


def test_an_emergency_is_seen_for_what_it_is_and_its_review_too(committing_db: str) -> None:
    everyone = cast()
    story = a_case(everyone, aware="2026-12-01").notified("2026-12-02")
    emergencies.open_in_emergency(
        story.case.address,
        reason="The duty team asked for the address tonight",
        by=everyone.cara,
        on=moment(TODAY).date(),
        at=moment(TODAY, "09:30"),
    )
    client_of(everyone, "cara").get(reverse("case", args=[story.case.token]))
    row = Look.objects.get()
    assert (row.capacity, row.role) == ("emergency", "la_notifier")
    operator = Membership.objects.get(person=everyone.sam).organisation
    Membership.objects.create(
        person=everyone.sam, organisation=operator, role="privacy_officer", since="2018-07-01"
    )
    before = last()
    client_of(everyone, "sam").get(reverse("emergencies"))
    assert [one.case for one in kept_since(before)] == [story.case]


def test_nobody_changes_removes_or_empties_what_was_kept(
    everyone: Cast, stories: list[Story]
) -> None:
    client_of(everyone, "ada").get(reverse("home"))
    for statement in (
        "UPDATE workflow_look SET person_id = person_id",
        "DELETE FROM workflow_look",
        "TRUNCATE workflow_look",
        "SET LOCAL session_replication_role = replica",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_authority_alone_reads_who_looked_at_its_cases(
    everyone: Cast, stories: list[Story]
) -> None:
    client_of(everyone, "sol").get(f"{reverse('queue')}?part=all")
    every = Look.objects.count()
    assert every >= 2
    with sight.of(everyone.ben, on=moment(TODAY).date()):
        assert set(Look.objects.values_list("case__authority", flat=True)) == {
            everyone.northmoor.pk
        }
    for name in ("sol", "sam", "ira"):
        with sight.of(everyone.people[name], on=moment(TODAY).date()):
            assert not Look.objects.exists(), name
    assert Case.objects.count() == len(stories)
