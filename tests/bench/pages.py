"""A page as a browser asks for it: how many statements it takes."""

from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from tests.bench.counting import AROUND_AT_MOST, Statements, statements
from workflow import clock
from workflow.models import Person
from workflow.queues.worklist import WorkList

QUERIES_GOAL = 4


@dataclass(frozen=True)
class Seen:
    """The most statements that any of somebody's pages took."""

    queries: int
    around: int

    @property
    def within(self) -> bool:
        """Whether this is what was promised."""
        return self.queries <= QUERIES_GOAL and self.around <= AROUND_AT_MOST


def statements_of(client: Client, address: str) -> Statements:
    """The statements of one page that is shown; AssertionError when it is not."""
    with statements() as sent:
        answer = client.get(address)
    assert answer.status_code == 200, f"{address} answers {answer.status_code}"
    return sent


def open_page(name: str) -> Seen:
    """Opens every part of this person's list, a first time and then once more, counted."""
    person = Person.objects.get(name=name)
    parts = [part.slug for part in WorkList(person, on=clock.today()).segments]
    return opened(person, [f"{reverse('queue')}?part={part}" for part in parts])


def opened(person: Person, addresses: list[str]) -> Seen:
    """Opens these addresses as a person, a first time and then once more, counted."""
    client = Client()
    client.force_login(person)
    found = []
    for address in addresses:
        # What a process reads once and remembers is no part of a page.
        statements_of(client, address)
        found.append(statements_of(client, address))
    return Seen(
        queries=max(len(sent.counted) for sent in found),
        around=max(len(sent.around) for sent in found),
    )
