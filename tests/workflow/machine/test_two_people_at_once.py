"""Several people act at the same moment: one wins, the others learn who did what when."""

import threading

import pytest
from django.db import connection

from tests.story import a_case, cast, day, moment
from workflow import services
from workflow.models import Deadline, Event, NotificationProcess, Person, RapidReview

RACERS = 8


def race(case_pk: int, people: list[Person], *, locked: bool = True) -> list[object]:
    """Every person sends the same notification at once; what each was told."""
    start = threading.Barrier(len(people))
    told: list[object] = []

    def send(person: Person) -> None:
        try:
            process = NotificationProcess.objects.select_related("case").get(case=case_pk)
            start.wait(timeout=20)
            if locked:
                services.advance(
                    process,
                    "submit",
                    by=person,
                    on=day("2026-11-20"),
                    at=moment("2026-11-20"),
                )
            else:
                process.submit(_Nothing())
                process.save()
            told.append("sent")
        except Exception as refusal:  # noqa: BLE001 - whatever a racer was told is looked at
            told.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return told


class _Nothing:
    by = None

    def send_notification(self, process: NotificationProcess) -> None:
        """The transition without its consequences."""


@pytest.mark.usefixtures("committing_db")
def test_one_of_eight_senders_wins_and_seven_are_told_who_was_first() -> None:
    everyone = cast()
    story = a_case(everyone, aware="2026-11-19")
    people = [everyone.ada, everyone.ben] * (RACERS // 2)
    told = race(story.case.pk, people)
    refusals = [answer for answer in told if isinstance(answer, services.AlreadyDone)]
    assert (len(told), told.count("sent"), len(refusals)) == (RACERS, 1, RACERS - 1)
    assert {refusal.what for refusal in refusals} == {"Notification sent"}
    assert all(refusal.who in {"Ada", "Ben"} for refusal in refusals)
    assert all("on 20 November 2026 at 10:00am" in str(refusal) for refusal in refusals)
    assert Event.objects.filter(case=story.case, act="submit").count() == 1
    assert RapidReview.objects.filter(case=story.case).count() == 1
    assert Deadline.objects.filter(case=story.case, duty="rapid-review").count() == 1


@pytest.mark.usefixtures("committing_db")
def test_without_the_lock_the_same_race_sends_more_than_once() -> None:
    """The control: the race above can be lost."""
    everyone = cast()
    story = a_case(everyone, aware="2026-11-19")
    told = race(story.case.pk, [everyone.ada] * RACERS, locked=False)
    assert told.count("sent") > 1
