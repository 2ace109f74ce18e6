"""Holding, proposing, confirming and reading the certificate, on the pages."""

import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from notifications.duplicates import looks_like
from notifications.sections import Lists
from notifications.services import paper_of
from tests import sight
from tests.notifications.answers import a_draft, written
from tests.reviews.telling import load_codes
from tests.story import Cast, Story, day, moment
from tests.templates.markup import Markup
from tests.workflow.retention.telling import DUE, WHY, WORDS, closed, ended, held, step
from tests.workflow.screens.conftest import SignIn
from workflow import services
from workflow.api import problems
from workflow.machine.links import LinkKind
from workflow.machine.refusals import RecordDestroyed
from workflow.models import DisposalStep, HoldLifted, KeptPage, LegalHold, Look
from workflow.sealed import kept, keys
from workflow.sealed.errors import KeyDestroyedError, KeyMissingError
from workflow.sealed.reading import GONE


@pytest.fixture
def story(everyone: Cast) -> Story:
    return closed(everyone)


def at(name: str, story: Story, **more: Any) -> str:
    return reverse(name, kwargs={"token": story.case.token, **more})


def shown(page: Any) -> str:
    """Which step the page was made from, as its form says again."""
    [seen] = re.findall(r'name="seen" value="([\w-]*)"', page.content.decode())
    return str(seen)


def text(answer: Any) -> str:
    return " ".join(one.text for one in Markup(answer.content.decode()).all("main"))


def test_from_the_list_to_the_certificate_by_two_people(
    story: Story, as_: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    with time_machine.travel(moment(DUE, "09:30"), tick=False):
        adam, ben = as_("adam"), as_("ben")
        due = adam.get(reverse("records-due"))
        assert at("record-kept", story) in due.content.decode()
        proposing = adam.post(at("end-record", story), {"seen": ""})
        assert proposing.headers["Location"] == at("record-kept", story)
        assert "Take back the proposal" in text(adam.get(at("end-record", story)))
        page = ben.get(at("end-record", story))
        assert "Adam proposed this" in text(page)
        with django_capture_on_commit_callbacks(execute=True):
            ben.post(at("end-record", story), {"answer": "confirm", "seen": shown(page)})
        said = text(ben.get(at("record-kept", story)))
        for words in ("Certificate of destruction", "Adam, Local authority administrator",
                      "Ben, Approver", "35 years", "Destroyed: what was written"):  # fmt: skip
            assert words in said
        assert "No record of your authority may be destroyed yet" in text(
            adam.get(reverse("records-due"))
        )


def test_a_button_does_what_it_said_or_nothing(story: Story, as_: SignIn) -> None:
    with time_machine.travel(moment(DUE, "09:30"), tick=False):
        adam = as_("adam")
        adam.post(at("end-record", story), {"seen": ""})
        taking_back = adam.get(at("end-record", story))
        step(story, "decline", "ben")
        answer = adam.post(at("end-record", story), {"seen": shown(taking_back)})
        assert "Somebody proposed or answered since you opened this page" in text(answer)
        assert "Propose to destroy this record" in text(answer)
        kinds = list(DisposalStep.objects.values_list("kind", flat=True))
        assert kinds == ["proposed", "declined"]


def test_every_page_of_an_ended_case_says_so_in_words_and_leads_to_the_certificate(
    story: Story, as_: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ended(story)
    for name in ("case", "timeline", "chronology", "notifications:read", "reviews:read",
                 "notifications:tasks", "reviews:tasks", "people-with-access"):  # fmt: skip
        answer = as_("ben").get(at(name, story))
        assert answer.status_code == 410, name
        assert "This record was destroyed" in text(answer)
        assert at("record-kept", story) in answer.content.decode()
        assert WORDS not in answer.content.decode()
    # Whoever saw the case but not its keeping reads the words alone; a stranger learns nothing.
    answer = as_("ada").get(at("case", story))
    assert answer.status_code == 410
    assert at("record-kept", story) not in answer.content.decode()
    assert as_("cara").get(at("case", story)).status_code == 404
    assert as_("cara").get(at("record-kept", story)).status_code == 404
    assert Look.objects.filter(case=story.case, person=story.cast.ada).exists()


def test_a_key_that_is_away_is_said_in_words_and_is_no_destroyed_record(
    story: Story, as_: SignIn
) -> None:
    keys.destroy(story.case.key_id)
    answer = as_("ben").get(at("timeline", story))
    assert answer.status_code == 503
    assert "This record cannot be read now" in text(answer)
    assert "destroyed" not in text(answer)


def test_a_linked_case_is_still_read_and_nothing_is_kept_of_the_ended_one(
    story: Story, everyone: Cast, as_: SignIn
) -> None:
    neighbour, on = closed(everyone), day("2026-12-10")
    how: Any = {"by": everyone.ada, "on": on, "at": moment(on), "reason": WHY}
    with sight.of(everyone.ada, on=on):
        services.link_cases(story.again(), neighbour.case, LinkKind.RELATED, **how)
    keys.dispose_of(story.case.key_id)
    page = as_("ben").get(at("case", neighbour))
    assert page.status_code == 200
    assert GONE in text(page)
    # A page that was filled in before, and sent after the session had ended.
    kept.put(story.case, everyone.ben, "/", {"reason": [WORDS]}, at=moment(on))
    assert not KeptPage.objects.exists()


def test_a_hold_is_placed_read_by_whom_it_concerns_and_lifted_by_its_own_body(
    story: Story, as_: SignIn
) -> None:
    ben = as_("ben")
    empty = ben.post(at("hold-record", story), {"reason": ""})
    assert "Enter why this record must be kept" in text(empty)
    ben.post(at("hold-record", story), {"reason": WHY})
    hold = LegalHold.objects.get()
    lift = at("lift-hold", story, key=hold.pk)
    assert WHY in text(ben.get(at("record-kept", story)))
    assert WHY in text(as_("petra").get(at("record-kept", story)))
    # An administrator reads that it is held, and not why, and lifts nothing.
    adam = as_("adam").get(at("record-kept", story))
    assert "Legal hold 1" in text(adam)
    assert WHY not in text(adam)
    assert as_("adam").get(lift).status_code == as_("petra").get(lift).status_code == 404
    assert "under a legal hold" in text(as_("adam").get(at("record-kept", story)))
    ben.post(lift, {"reason": "It is settled."})
    assert HoldLifted.objects.get().hold == hold
    assert "No legal hold stands" in text(ben.get(at("record-kept", story)))


def test_a_page_opened_before_a_hold_ends_nothing(story: Story, as_: SignIn) -> None:
    with time_machine.travel(moment(DUE, "09:30"), tick=False):
        as_("adam").post(at("end-record", story))
        held(story, by="petra", on=DUE)
        answer = as_("ben").post(at("end-record", story), {"answer": "confirm"})
        assert "The record is under a legal hold" in text(answer)
        assert not DisposalStep.objects.filter(kind="confirmed").exists()
    keys.get(story.case.key_id)


def test_whoever_did_not_show_lately_who_they_are_ends_nothing(
    story: Story, everyone: Cast
) -> None:
    client = Client()
    with time_machine.travel(moment(DUE, "09:30"), tick=False):
        client.force_login(everyone.adam)
        answer = client.get(at("end-record", story))
        assert "reauthenticate" in answer.headers["Location"]
        client.post(at("end-record", story))
    assert not DisposalStep.objects.exists()


def test_the_list_is_for_two_roles_of_the_authority_alone(story: Story, as_: SignIn) -> None:
    assert as_("ada").get(reverse("records-due")).status_code == 403
    assert as_("petra").get(reverse("records-due")).status_code == 403
    with time_machine.travel(moment(DUE, "09:30"), tick=False):
        assert story.case.address not in as_("cara").get(reverse("records-due")).content.decode()


def test_another_system_is_told_so_too() -> None:
    for fault, status in (
        (RecordDestroyed(), 410), (KeyDestroyedError(), 410), (KeyMissingError(), 503),
    ):  # fmt: skip
        answer = problems.answer_to(fault, {})
        assert answer is not None
        assert (answer.status_code, answer["Content-Type"]) == (status, problems.KIND)


def test_a_case_that_cannot_be_read_is_not_compared_with(everyone: Cast) -> None:
    load_codes()
    first, second = (written(a_draft(everyone), everyone.ada) for _ in range(2))
    on = day("2026-12-10")
    paper = paper_of(second, on=on, lists=Lists(on))
    assert [one.case for one in looks_like(paper, by=everyone.ada, on=on)] == [first]
    keys.dispose_of(first.key_id)
    assert looks_like(paper, by=everyone.ada, on=on) == []
