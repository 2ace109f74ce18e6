"""An authority reads who looked at its cases: its own people by name, others by role."""

import csv
import io
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests import shown
from tests.story import Cast, Story, a_case, cast, day, moment, person
from tests.templates.markup import Markup
from tests.workflow.access.naming import told
from workflow import opaque
from workflow.audit.looked import Asked, Looked
from workflow.audit.models import Look
from workflow.queues.keyset import SIZES

TODAY = "2026-12-10"
PAGE = "/looks/"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment(TODAY, "09:30"), tick=False):
        yield


@pytest.fixture
def everyone(db: None) -> Cast:
    return cast()


@pytest.fixture
def stories(everyone: Cast) -> list[Story]:
    """Two cases of Northmoor's and one of Southfen's, looked at from near and far."""
    found = [
        a_case(everyone, aware="2026-12-01").notified("2026-12-02"),
        a_case(everyone, aware="2026-12-03").notified("2026-12-04"),
        a_case(everyone, aware="2026-12-01", by="cara").notified("2026-12-02", by="cara"),
    ]
    for name in ("ada", "sol"):
        for story in found[:1]:
            as_(everyone, name).get(reverse("timeline", args=[story.case.token]))
    as_(everyone, "cara").get(reverse("case", args=[found[2].case.token]))
    return found


def as_(everyone: Cast, name: str) -> Client:
    client = Client()
    client.force_login(everyone.people[name])
    shown.who_it_is(client, everyone.people[name])
    return client


def rows(everyone: Cast, name: str, query: str = "") -> list[str]:
    """The rows of the table as somebody reads them."""
    answer = as_(everyone, name).get(f"{PAGE}{query}")
    assert answer.status_code == 200
    return [row.text for row in Markup(answer.content.decode()).all("tr")[1:]]


def test_own_people_are_named_and_others_are_not(everyone: Cast, stories: list[Story]) -> None:
    found = rows(everyone, "ben")
    assert len(found) == 2
    assert "Secretariat, Child Safeguarding Practice Review Panel" in found[0]
    assert "Sol" not in found[0]
    assert "Ada (Notifier)" in found[1]
    assert "What was written about the case" in found[1]


def test_another_authority_reads_of_its_own_cases_alone(
    everyone: Cast, stories: list[Story]
) -> None:
    found = rows(everyone, "cara")
    assert len(found) == 1
    assert "Cara" in found[0]
    asked = as_(everyone, "cara").get(f"{PAGE}?reference={stories[0].case.address}")
    assert b"Nothing matches these filters." in asked.content
    assert b"Ada" not in asked.content


def test_the_program_alone_keeps_the_looks_of_a_case_from_whoever_is_not_named_to_it(
    everyone: Cast, stories: list[Story]
) -> None:
    # What a test reads itself is not kept by the database: only the program's own lock is left.
    told(stories[0], "restrict", "ada", "ben", "petra")
    bess = Looked(person("Bess", everyone.northmoor, "la_approver"), day(TODAY))
    assert not bess.rows(Asked()).exists()
    assert not bess.rows(Asked(reference=stories[0].case.address)).exists()
    assert bess.bodies() == []
    ben = Looked(everyone.ben, day(TODAY))
    assert {one.case_id for one in ben.rows(Asked())} == {stories[0].case.pk}
    told(stories[0], "lift")
    assert {one.case_id for one in bess.rows(Asked())} == {stories[0].case.pk}


@pytest.mark.parametrize("name", ["ada", "sol", "ira", "sam", "dele"])
def test_nobody_else_has_the_page(name: str, everyone: Cast, stories: list[Story]) -> None:
    for path in (PAGE, reverse("looks-csv")):
        assert as_(everyone, name).get(path).status_code == 403


def test_the_list_is_narrowed_by_what_stands_in_the_address(
    everyone: Cast, stories: list[Story]
) -> None:
    as_(everyone, "ada").get(reverse("case", args=[stories[1].case.token]))
    assert len(rows(everyone, "ben", f"?reference=sin-{stories[1].case.address.lower()}")) == 1
    (of_the_panel,) = rows(everyone, "ben", f"?body={opaque.hide('place', everyone.panel.pk)}")
    assert "Secretariat" in of_the_panel
    assert not any("Ada" in row for row in rows(everyone, "ben", "?period=2026-11"))
    assert any("Ada" in row for row in rows(everyone, "ben", "?period=2026-12"))


def test_a_case_leads_its_authority_to_its_own_looks_and_nobody_else(
    everyone: Cast, stories: list[Story]
) -> None:
    address = reverse("case", args=[stories[0].case.token])
    page = Markup(as_(everyone, "ben").get(address).content.decode())
    [link] = [one for one in page.all("a") if one.text == "Who looked at this case"]
    assert link.attrs["href"] == f"{PAGE}?reference={stories[0].case.address}"
    for name in ("ada", "sol"):
        assert b"Who looked" not in as_(everyone, name).get(address).content


def test_pages_follow_one_another_by_position_and_miss_none(
    everyone: Cast, stories: list[Story]
) -> None:
    for _ in range(SIZES[0] + 3):
        as_(everyone, "ada").get(reverse("case", args=[stories[0].case.token]))
    every = list(Look.objects.filter(authority=everyone.northmoor).values_list("pk", flat=True))
    client, seen = as_(everyone, "ben"), 0
    answer = client.get(PAGE)
    while True:
        page = Markup(answer.content.decode())
        seen += len(page.all("tr")) - 1
        following = [one.attrs["href"] for one in page.all("a") if one.attrs.get("rel") == "next"]
        if not following:
            break
        answer = client.get(following[0])
    assert seen == len(every)
    before = [one.attrs["href"] for one in page.all("a") if one.attrs.get("rel") == "prev"]
    assert len(Markup(client.get(before[0]).content.decode()).all("tr")) == SIZES[0] + 1


def test_the_file_holds_every_row_and_is_itself_a_look(
    everyone: Cast, stories: list[Story]
) -> None:
    before = Look.objects.count()
    answer = as_(everyone, "ben").get(
        f"{reverse('looks-csv')}?body={opaque.hide('place', everyone.panel.pk)}"
    )
    text = b"".join(answer).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0][:3] == ["When", "Case", "Who"]
    assert [line[2] for line in lines[1:]] == [
        "Secretariat, Child Safeguarding Practice Review Panel"
    ]
    assert Look.objects.count() == before + 1
    assert Look.objects.latest("pk").way == "file"
