"""Either lock alone keeps another authority's case: the program's, and the database's."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from tests import databases
from tests.story import Cast, Story, cast, moment, three_stages
from tests.templates.routes import Route, routes
from workflow.access import policy, visible
from workflow.access.rows import tables_of_cases
from workflow.people import reference

ROUTES = [route for route in routes() if "secret" not in route.parts]
TOKEN = "SIN-"
Break = Callable[[], None]


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment("2026-12-10", "09:30"), tick=True):
        yield


@pytest.fixture
def everyone(committing_db: str) -> Cast:
    found = cast()
    reference.load()
    return found


@pytest.fixture
def stories(everyone: Cast) -> list[Story]:
    """A draft, one sent late, and one decided: all of them Northmoor's."""
    return three_stages(everyone)


@pytest.fixture
def without_the_programs(monkeypatch: pytest.MonkeyPatch) -> Break:
    """The program finds every case, and allows every act on it to everybody."""

    def break_it() -> None:
        def all_of_them(rows: object, *args: object, **kwargs: object) -> object:
            return rows

        def yes(*args: object, **kwargs: object) -> bool:
            return True

        monkeypatch.setattr(visible.VisibleToQuerySet, "visible_to", all_of_them)
        monkeypatch.setattr(policy.Rights, "may", yes)
        for place in ("workflow.views.access", "workflow.access.gate", "workflow.views.linking"):
            monkeypatch.setattr(f"{place}.may", yes)

    return break_it


@pytest.fixture
def without_the_databases(committing_db: str) -> Break:
    """Row security is off on every table of cases."""

    def break_it() -> None:
        with databases.as_owner(committing_db) as server:
            for table in sorted(tables_of_cases()):
                server.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY'.encode())

    return break_it


def pages(route: Route, story: Story) -> list[str]:
    """The addresses of a route for one case; of its many pages a few."""
    return route.addresses(story.case.token)[:3]


def leaks(everyone: Cast, stories: list[Story], name: str = "cara") -> list[str]:
    """The addresses at which somebody is shown anything of these cases."""
    client = Client(raise_request_exception=False)
    client.force_login(everyone.people[name])
    canaries = [text for story in stories for text in (story.case.address, story.case.token)]
    found = []
    for route in ROUTES:
        for story in stories if route.of_a_case else stories[:1]:
            for address in pages(route, story):
                answer = client.get(address)
                body = b"".join(answer) if answer.streaming else answer.content
                # The address that was asked for may be repeated on the page that refuses it.
                told = [c for c in canaries if c.encode() in body and c not in address]
                shown = route.of_a_case and answer.status_code == 200
                if told or shown or answer.status_code >= 500:
                    found.append(f"{address}: {answer.status_code} {told}")
    return found


def test_the_programs_lock_holds_alone(
    everyone: Cast, stories: list[Story], without_the_databases: Break
) -> None:
    without_the_databases()
    assert leaks(everyone, stories) == []


def test_the_databases_lock_holds_alone(
    everyone: Cast, stories: list[Story], without_the_programs: Break
) -> None:
    without_the_programs()
    assert leaks(everyone, stories) == []


def test_without_both_the_walk_finds_what_is_shown(
    everyone: Cast,
    stories: list[Story],
    without_the_programs: Break,
    without_the_databases: Break,
) -> None:
    without_the_programs()
    without_the_databases()
    found = leaks(everyone, stories)
    assert len([one for one in found if ": 200" in one]) > 20, found
