"""Partners are asked for their view of a rapid review, and not once they have given it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.db import ProgrammingError, connection, transaction

from tests import databases
from tests.story import Story, a_case, cast, day, moment
from tests.workflow.reminders.telling import delivered, messages, swept
from workflow import clock, services
from workflow.api import clients
from workflow.health.missing import missing
from workflow.models import Event, Membership, Organisation, PlannedRung, Reminder

# The rapid review began on Tuesday 3 November 2026 and is due on the 24th.
SENT, ASKED = "2026-11-03", "2026-11-20"
COLUMNS = ("case_id", "machine", "number", "act", "payload", "sequence")


@pytest.fixture
def story(committing_db: str) -> Iterator[Story]:
    """A rapid review that is being prepared."""
    with clock.told(moment(SENT)):
        yield a_case(cast(), aware=SENT).notified(SENT)


def gives_view(story: Story, kind: str, on: str, *, by: str, received: bool = False) -> None:
    """A partner's view has come, its own or written down by the business unit."""
    bodies = {one.kind: one for one in Organisation.objects.filter(kind__in=["icb", "police"])}
    bodies["authority"] = story.cast.northmoor
    services.record_view(
        story.rapid_review, bodies[kind], "dissent", received=received,
        by=story.cast.people[by], on=day(on), at=moment(on),
    )  # fmt: skip


def written_anew(story: Story, on: str) -> None:
    """The authority's system replaces what was signed."""
    northmoor = story.cast.northmoor
    how: Any = {"by": story.cast.sam, "on": day(on), "at": moment(on)}
    account = clients.let_in("Invented", northmoor, ["rapid_reviews.write"], **how).client.account
    services.record_rewriting(story.rapid_review, by=account, on=day(on), at=moment(on, "11:00"))


def answers_for_the_police_too(story: Story) -> None:
    """Ira is a partner for two bodies."""
    police = Organisation.objects.get(kind="police")
    Membership.objects.create(
        person=story.cast.ira, organisation=police, role="safeguarding_partner",
        since=day("2026-01-01"),
    )  # fmt: skip


def asked() -> dict[str, str]:
    """Whom the step about views was recorded for, and why it was withheld."""
    rows = Reminder.objects.filter(rung="sign-offs")
    return dict(rows.values_list("person__name", "withheld"))


def test_each_partner_is_asked_where_none_has_given_a_view(
    story: Story, committing_db: str
) -> None:
    with databases.as_worker(committing_db):
        swept(ASKED)
    assert {"Ira", "Polly"} <= asked().keys()
    assert set(asked().values()) == {""}


def test_a_partner_is_asked_again_whose_view_is_of_words_that_were_replaced(
    story: Story, committing_db: str
) -> None:
    gives_view(story, "icb", "2026-11-12", by="ira")
    gives_view(story, "police", "2026-11-12", by="polly")
    written_anew(story, "2026-11-13")
    gives_view(story, "police", "2026-11-16", by="polly")
    with databases.as_worker(committing_db):
        swept(ASKED)
    assert (asked()["Ira"], asked()["Polly"]) == ("", "signed")


@pytest.mark.parametrize(("by", "received"), [("ira", False), ("bea", True)])
def test_a_partner_that_has_given_its_view_is_not_asked_for_it(
    story: Story, committing_db: str, by: str, received: bool
) -> None:
    gives_view(story, "icb", "2026-11-12", by=by, received=received)
    with databases.as_worker(committing_db):
        swept(ASKED)
    found = asked()
    assert found.pop("Ira") == "signed"
    assert found["Polly"] == ""
    assert set(found.values()) == {""}
    assert "Ira" not in {one.person.name for one in messages("digest") if one.person}
    assert "Polly" in {one.person.name for one in messages("digest") if one.person}


def test_whoever_answers_for_another_partner_too_is_asked_for_that_ones_view(
    story: Story, committing_db: str
) -> None:
    answers_for_the_police_too(story)
    gives_view(story, "icb", "2026-11-12", by="ira")
    with databases.as_worker(committing_db):
        swept(ASKED)
    assert asked()["Ira"] == ""


def digests_to(story: Story, name: str) -> list[str]:
    """The digests that were sent to somebody."""
    mine = [one for one in mail.outbox if story.cast.people[name].email in one.to]
    return [str(one.body) for one in mine if one.subject.startswith("Your dates")]


def test_a_view_that_came_before_the_digest_left_is_asked_for_no_more(
    story: Story, committing_db: str
) -> None:
    other = a_case(story.cast, aware=SENT).notified(SENT)
    with databases.as_worker(committing_db):
        swept(ASKED)
    gives_view(story, "icb", ASKED, by="ira")
    with databases.as_worker(committing_db):
        delivered(ASKED, "12:00")
    mine = Reminder.objects.filter(rung="sign-offs", person=story.cast.ira)
    withheld = dict(mine.values_list("deadline__case_id", "withheld"))
    assert withheld == {story.case.pk: "signed", other.case.pk: ""}
    (to_ira,), (to_polly,) = digests_to(story, "ira"), digests_to(story, "polly")
    assert story.case.label not in to_ira
    assert other.case.label in to_ira
    assert story.case.label in to_polly


def test_a_digest_that_asks_for_nothing_else_does_not_leave(
    story: Story, committing_db: str
) -> None:
    with databases.as_worker(committing_db):
        swept(ASKED)
    gives_view(story, "icb", ASKED, by="ira")
    with databases.as_worker(committing_db):
        delivered(ASKED, "12:00")
    assert digests_to(story, "ira") == []
    (digest,) = [one for one in messages("digest") if one.person == story.cast.ira]
    assert digest.cancelled_at == moment(ASKED, "12:00")
    assert len(digests_to(story, "polly")) == 1


def test_whoever_answers_for_another_partner_too_still_has_the_line(
    story: Story, committing_db: str
) -> None:
    answers_for_the_police_too(story)
    with databases.as_worker(committing_db):
        swept(ASKED)
    gives_view(story, "icb", ASKED, by="ira")
    with databases.as_worker(committing_db):
        delivered(ASKED, "12:00")
    (to_ira,) = digests_to(story, "ira")
    assert story.case.label in to_ira


def test_where_all_have_given_theirs_nobody_is_asked_and_nothing_is_amiss(
    story: Story, committing_db: str
) -> None:
    with databases.as_worker(committing_db):
        swept("2026-11-17")
    gives_view(story, "authority", "2026-11-18", by="bea", received=True)
    for kind, by in (("icb", "ira"), ("police", "polly")):
        gives_view(story, kind, "2026-11-18", by=by)
    with databases.as_worker(committing_db):
        swept(ASKED)
    assert asked()["Ira"] == asked()["Polly"] == "signed"
    assert not PlannedRung.objects.filter(rung="sign-offs", nobody=True).exists()
    listed = [one for one in missing(at=moment(ASKED, "12:00")) if one.rung == "sign-offs"]
    assert listed == []


def test_of_the_trail_the_worker_reads_that_a_view_was_given_and_nothing_else(
    story: Story, committing_db: str
) -> None:
    gives_view(story, "icb", "2026-11-12", by="ira")
    with databases.as_worker(committing_db), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT machine, act FROM workflow_event")
        assert set(cursor.fetchall()) == {("rapid review", "open"), ("rapid review", "sign_off")}
        columns = {str(field.column) for field in Event._meta.local_concrete_fields}
        for column in sorted(columns - set(COLUMNS)):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(f'SELECT "{column}" FROM workflow_event')
        for table in ("reviews_signoff", "workflow_rapidreview"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(f"SELECT 1 FROM {table}")
