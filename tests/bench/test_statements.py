"""The statements that the measured paths take: the same on any machine, so they are tested.

The times are not: `make bench` compares them within one run.
"""

from collections.abc import Iterator
from itertools import product

import pytest
import time_machine
from django.test import Client

from tests.bench import patterns
from tests.bench.counting import AROUND_AT_MOST, Statements, statements
from tests.bench.pages import QUERIES_GOAL, open_page, statements_of
from tests.bench.sending import QUERIES_GOAL as SENDING_GOAL
from tests.bench.sending import send
from tests.bench.stage import TODAY
from tests.bench.transition import QUERIES_GOAL as ACT_GOAL
from tests.bench.transition import acknowledge
from tests.notifications.answers import country
from tests.story import Cast, Story, a_case, cast
from workflow.models import Person

SENT_ON = "2026-11-16"


@pytest.fixture
def everyone(committing_db: str) -> Iterator[Cast]:
    # Inside a transaction of the test each of the service's would be two statements more.
    with time_machine.travel(TODAY, tick=True):
        yield country(cast())


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_list_and_a_page_of_the_breach_board_take_at_most_four_statements(
    everyone: Cast,
) -> None:
    # Told once for all of them: it takes far longer than any page.
    patterns.tell(everyone)
    for name in ("Ada", "Sol"):
        seen = open_page(name)
        assert seen.queries <= QUERIES_GOAL, name
        assert seen.around <= AROUND_AT_MOST, name
    for name, path in product(
        ("sam", "sol", "ben"), ("/late/", "/late/list/", "/late/without-a-clock/")
    ):
        client = signed_in(everyone.people[name])
        statements_of(client, path)
        sent = statements_of(client, path)
        assert 0 < len(sent.counted) <= QUERIES_GOAL, (name, path, sent.counted)
        assert len(sent.around) <= AROUND_AT_MOST, (name, path, sent.around)


def test_sending_takes_at_most_twelve_statements(everyone: Cast) -> None:
    case = patterns.complete_draft(everyone)
    sent = send(case.token, by=signed_in(everyone.ada)).statements
    assert len(sent.counted) <= SENDING_GOAL, sent.counted
    assert len(sent.around) <= AROUND_AT_MOST, sent.around


def acknowledged(story: Story) -> Statements:
    with statements() as sent:
        acknowledge(story.again(), story.cast.sol)
    return sent


def test_an_act_takes_at_most_ten_statements_however_many_cases_there_are(everyone: Cast) -> None:
    alone = a_case(everyone, aware=SENT_ON).notified(SENT_ON)
    first = acknowledged(alone)
    patterns.tell(everyone)
    among_others = acknowledged(a_case(everyone, aware=SENT_ON).notified(SENT_ON))
    assert 0 < len(first.counted) == len(among_others.counted) <= ACT_GOAL


def test_what_every_request_pays_is_told_from_the_work() -> None:
    found = Statements()
    for sql in (
        'SAVEPOINT "s1"',
        'SELECT "django_session"."session_key" FROM "django_session" WHERE x = 1',
        'UPDATE "django_session" SET "session_data" = %s',
        'SELECT "workflow_person"."id" FROM "workflow_person" WHERE "workflow_person"."id" = %s',
    ):
        found.add(sql)
    for sql in (
        'SELECT "workflow_person"."id" FROM "workflow_person" WHERE "workflow_person"."name" = %s',
        'SELECT "workflow_case"."id" FROM "workflow_case"',
        'UPDATE "workflow_case" SET "token" = %s',
        'SELECT "workflow_membership"."id" FROM "workflow_membership"',
    ):
        found.add(sql)
    assert (len(found.around), len(found.counted)) == (4, 4)
