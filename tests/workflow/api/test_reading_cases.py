"""A system reads the cases of its authority, in the words of the screens, and nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.story import Cast, Story, a_case, day, three_stages
from tests.workflow.api.conftest import TODAY, bearer, is_problem, let_in, token_of
from workflow.access import visible
from workflow.api.clients import LetIn
from workflow.audit.models import Look
from workflow.deadlines.models import Deadline
from workflow.law.calendar import WEEKEND
from workflow.law.receipts import Receipt
from workflow.machine.token import grouped
from workflow.models import Event, Grant

CASES = "/api/v1/cases"


@pytest.fixture
def stories(everyone: Cast) -> list[Story]:
    """A draft, one sent late, one decided, and one of another authority's."""
    return [
        *three_stages(everyone),
        a_case(everyone, aware="2026-12-01", by="cara").notified("2026-12-02", by="cara"),
    ]


@pytest.fixture
def token(northmoor: LetIn) -> str:
    return token_of(northmoor)


def ask(token: str, path: str = CASES) -> Any:
    return Client().get(path, headers=bearer(token))


def one(story: Story, more: str = "") -> str:
    return f"{CASES}/{grouped(story.case.token)}{more}"


def test_the_list_holds_the_authoritys_own_cases_nearest_date_first(
    stories: list[Story], token: str
) -> None:
    said = ask(token, f"{CASES}?part=open").json()
    found = [row["case"] for row in said["cases"]]
    assert set(found) == {grouped(story.case.token) for story in stories[:3]}
    dues = [row["next_due"]["on"] for row in said["cases"]]
    assert dues == sorted(dues)
    assert (said["previous"], said["next"]) == (None, None)
    (draft,) = [row for row in said["cases"] if row["reference"] is None]
    assert draft["authority"] == {"code": "9901", "name": "Northmoor"}
    assert draft["statuses"] == [{"of": "Notification", "words": "Draft"}]
    assert draft["waiting_for"] == [{"role": "la_notifier", "words": "Notifier"}]
    assert draft["next_due"]["standing"]["words"].startswith("Due in")


def test_a_case_is_found_by_its_reference_or_its_token_however_it_is_written(
    stories: list[Story], token: str
) -> None:
    case = stories[1].case
    for name in (grouped(case.token), case.token, f"SIN-{grouped(case.token)}".lower()):
        said = ask(token, f"{CASES}/{name}").json()
        assert (said["case"], said["reference"]) == (grouped(case.token), case.reference)
    assert ask(token, said["deadlines"]).status_code == 200
    assert ask(token, said["events"]).status_code == 200


def test_each_date_says_how_it_follows_from_the_law(stories: list[Story], token: str) -> None:
    said = ask(token, one(stories[1], "/deadlines")).json()
    rows = {row.duty: row for row in Deadline.objects.filter(case=stories[1].case)}
    assert {row["duty"] for row in said["deadlines"]} == set(rows)
    for told in said["deadlines"]:
        row, because = rows[told["duty"]], told["because"]
        assert Receipt.from_json(because) == row.worked_out
        assert because["due"] == told["due_on"] == row.due_on.isoformat()
        assert because["cites"]
        assert all(cite["place"] and cite["words"] for cite in because["cites"])
    (notify,) = [row for row in said["deadlines"] if row["duty"] == "notify-the-panel"]
    assert notify["standing"]["tag"] == "Met late"
    assert notify["because"]["lateness"] == "guidance"
    assert notify["because"]["limit"]["verb"] == "should"
    assert notify["because"]["act"]["verb"] == "must"
    assert len(notify["because"]["counted"]) == 5
    assert {gap["reason"] for gap in notify["because"]["skipped"]} == {WEEKEND}


def test_the_trail_is_told_newest_first_and_without_what_people_wrote(
    everyone: Cast, stories: list[Story], token: str
) -> None:
    events = Event.objects.filter(case=stories[2].case)
    said = ask(token, one(stories[2], "/events")).json()
    assert [row["sequence"] for row in said["events"]] == list(
        events.order_by("-sequence").values_list("sequence", flat=True)
    )
    assert said["next"] is None
    by = {row["by"] for row in said["events"]}
    assert "Ada, Northmoor" in by
    assert not any("Sol" in one for one in by)
    first = said["events"][-1]
    older = ask(token, one(stories[2], f"/events?before={first['sequence'] + 1}")).json()
    assert older["events"] == [first]


def test_what_is_not_theirs_does_not_exist(
    everyone: Cast, stories: list[Story], token: str
) -> None:
    nowhere = "0000-0000-0000"
    for more in ("", "/deadlines", "/events"):
        theirs = ask(token, one(stories[3], more))
        none = ask(token, f"{CASES}/{nowhere}{more}")
        assert theirs.status_code == none.status_code == 404
        assert theirs.content == none.content
        assert is_problem(theirs, 404)["errors"][0]["name"] == "address"
    is_problem(ask(token, f"{CASES}/not-a-reference"), 404)
    southfen = token_of(let_in(everyone, "southfen"))
    assert ask(southfen, one(stories[3])).status_code == 200
    is_problem(ask(southfen, one(stories[0])), 404)
    assert ask(southfen, f"{CASES}?part=open").json()["cases"][0]["authority"]["code"] == "9902"


def test_the_database_hides_it_too_when_the_program_forgets_to(
    everyone: Cast, stories: list[Story], token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def everything(self: Any, *args: Any, **more: Any) -> Any:
        return self.all()

    monkeypatch.setattr(visible.VisibleToQuerySet, "visible_to", everything)
    found = ask(token, f"{CASES}?part=open").json()["cases"]
    assert {row["authority"]["code"] for row in found} == {"9901"}
    is_problem(ask(token, one(stories[3])), 404)


def test_every_answer_that_shows_a_case_is_in_the_log_of_looks_by_the_systems_name(
    northmoor: LetIn, stories: list[Story], token: str
) -> None:
    for path, fields, shown in (
        (f"{CASES}?part=open", "listed", 3),
        (one(stories[1]), "record", 1),
        (one(stories[1], "/deadlines"), "record", 1),
        (one(stories[1], "/events"), "record", 1),
        (one(stories[3]), "", 0),
        ("/api/v1/authorities", "", 0),
    ):
        before = Look.objects.count()
        ask(token, path)
        rows = list(Look.objects.order_by("pk")[before:])
        assert len(rows) == shown, path
        for row in rows:
            assert row.person == northmoor.client.account
            assert (row.role, row.way, row.fields) == ("la_system", "api", fields)
            assert row.organisation == northmoor.client.organisation


def test_an_answer_whose_look_cannot_be_kept_is_not_sent(
    stories: list[Story], token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*args: object) -> None:
        raise OSError

    monkeypatch.setattr("workflow.audit.looks._write", no_room)
    answer = Client(raise_request_exception=False).get(one(stories[1]), headers=bearer(token))
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert stories[1].case.token not in answer.content.decode().replace("-", "")


def test_everything_an_address_asks_wrongly_is_named_at_once(
    stories: list[Story], token: str
) -> None:
    path = (
        f"{CASES}?part=evil&area=1&region=Nowhere&kind=x&overdue=perhaps&size=1000000000"
        "&sort=evil__field&after=yesterday"
    )
    said = is_problem(ask(token, path), 400)
    assert {one["name"] for one in said["errors"]} == {
        "part", "area", "region", "kind", "overdue", "size", "sort", "after",
    }  # fmt: skip
    for bad in ("after=2026-12-01.A&before=2026-12-01.A", "after=2026-13-01.A", "after=%00"):
        is_problem(ask(token, f"{CASES}?{bad}"), 400)
    for bad in ("0", "-1", "1e9", "9" * 30, "x", "%D9%A1"):
        is_problem(ask(token, one(stories[1], f"/events?before={bad}")), 400)
    assert ask(token, f"{CASES}?after=2026-12-01.nobody").status_code == 200


def test_a_list_is_read_to_its_end_page_by_page(everyone: Cast, token: str) -> None:
    made = {grouped(a_case(everyone, aware="2026-12-07").case.token) for _ in range(27)}
    said, found = ask(token, f"{CASES}?part=open&sort=newest").json(), []
    found += [row["case"] for row in said["cases"]]
    assert len(found) == 25
    said = ask(token, said["next"]).json()
    found += [row["case"] for row in said["cases"]]
    assert (len(found), set(found), said["next"]) == (27, made, None)
    back = ask(token, said["previous"]).json()
    assert [row["case"] for row in back["cases"]] == found[:25]


def test_a_list_costs_the_same_however_long_it_is(everyone: Cast, token: str) -> None:
    def statements(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert ask(token, path).status_code == 200
        return len(asked)

    first = a_case(everyone, aware="2026-12-07")
    statements(f"{CASES}?part=open")  # What a process reads once is read now.
    before = statements(f"{CASES}?part=open"), statements(one(first, "/deadlines"))
    for _ in range(5):
        a_case(everyone, aware="2026-12-07")
    assert (statements(f"{CASES}?part=open"), statements(one(first, "/deadlines"))) == before


def test_a_case_that_passes_on_is_out_of_sight_at_once(
    everyone: Cast, stories: list[Story], token: str, today: time_machine.Traveller
) -> None:
    case = stories[1].case
    assert ask(token, one(stories[1])).status_code == 200
    Grant.objects.filter(case=case, organisation=everyone.northmoor).update(
        until=day(TODAY) - timedelta(days=1)
    )
    is_problem(ask(token, one(stories[1])), 404)
