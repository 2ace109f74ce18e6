"""Whoever must answer a proposal to take words out is told, on pages and by mail: not the words."""

from typing import Any

import pytest
from django.urls import reverse

from notifications.transferring import accept
from tests import sight
from tests.notifications.answers import sent, sign_in, written
from tests.notifications.redacted import (
    DESCRIPTION,
    MARK,
    NAME,
    REASONS,
    SAYS,
    WHY,
    again,
    answered,
    free,
    names,
    proposed,
    reviewed,
)
from tests.reviews.telling import Told
from tests.story import Cast
from tests.templates.markup import Markup
from workflow import clock, services
from workflow.models import Case, Membership, Organisation, Outbox, Redaction
from workflow.outbox.mail import compose
from workflow.retention import redacting
from workflow.views.redactions import TITLE

KINDS = (
    "propose_redaction", "nobody_may_take_out", "nobody_named_may_take_out", "take_words_out",
    "decline_redaction",
    "words_wait", "words_stay", "words_gone",
)  # fmt: skip
PANEL = "Child Safeguarding Practice Review Panel"
DFE, ICB, POLICE = "Department for Education", "Northmoor Integrated Care Board", "Northmoor Police"
# Of the Panel its chair too, who may place a hold: its post goes to the secretariat.
RECEIVED = [PANEL, DFE, "Ofsted", ICB, POLICE, "Petra"]


@pytest.fixture
def named(draft: Case, everyone: Cast) -> Case:
    return sent(draft, everyone.ada, {"description": {"description": SAYS}})


def told() -> list[tuple[str, str]]:
    """Each message about this, by its kind and whom it is for; none holds a word of the case."""
    found = Outbox.objects.filter(kind__in=KINDS)
    rows = found.select_related("case", "person", "organisation").order_by("pk")
    for row in rows:
        letter: Any = compose(row, on=clock.today())
        said = f"{letter.words.subject} {letter.words.text} {letter.words.html}"
        assert row.case is not None
        assert row.case.label in letter.words.subject
        for word in (*NAME.split(), "Child A", "hospital", WHY, "description", MARK):
            assert word not in said
        assert row.payload == {}
    return [(row.kind, (row.person or row.organisation).name) for row in rows]  # type: ignore[union-attr]


def main(client: Any, href: str) -> str:
    answer = client.get(href)
    assert answer.status_code == 200
    return " ".join(one.text for one in Markup(answer.content.decode()).all("main"))


def test_approvers_are_told_that_it_waits_and_whoever_proposed_how_it_ended(
    named: Case, everyone: Cast
) -> None:
    for act, kind, words in (
        (redacting.decline, "decline_redaction", "words_stay"),
        (None, "take_words_out", "words_gone"),
    ):
        before = len(told())
        found = proposed(named, everyone)
        asked = [("propose_redaction", "Ben"), *(("words_wait", who) for who in RECEIVED)]
        assert told()[before:] == asked
        answered(named, found, everyone, act=act)
        assert told()[before:] == [*asked, (kind, "Ada"), *((words, who) for who in RECEIVED)]


def test_the_chair_who_has_the_panels_post_is_told_once(named: Case, everyone: Cast) -> None:
    Membership.objects.create(
        person=everyone.petra, organisation=everyone.panel, role="panel_secretariat",
        since="2026-01-01",
    )  # fmt: skip
    proposed(named, everyone)
    assert waits() == [PANEL, DFE, "Ofsted", ICB, POLICE]
    # Post that goes to an address of the Panel reaches nobody for certain.
    answered(named, Redaction.objects.get(), everyone, act=redacting.decline)
    Organisation.objects.filter(pk=everyone.panel.pk).update(contact_email="panel@example.org")
    proposed(named, everyone)
    assert waits()[-6:] == RECEIVED


def test_whoever_takes_it_back_is_told_nothing(named: Case, everyone: Cast) -> None:
    answered(named, proposed(named, everyone), everyone, "ada", redacting.decline)
    assert "Ada" not in {who for _, who in told()}


def test_of_a_draft_nobody_else_is_told(draft: Case, everyone: Cast) -> None:
    case = written(draft, everyone.ada, {"description": {"description": SAYS}})
    answered(case, proposed(case, everyone), everyone)
    assert told() == [("propose_redaction", "Ben"), ("take_words_out", "Ada")]


def waits() -> list[str]:
    """Who was told that words of theirs are to be taken out."""
    return [who for kind, who in told() if kind == "words_wait"]


def test_each_partner_that_signed_a_rapid_review_is_told_and_whoever_received_it(
    everyone: Cast,
) -> None:
    story = reviewed(everyone)
    story.signed("ira", "agree", "2026-11-12")
    story.signed("lena", "agree", "2026-11-12")
    proposed(story.case, everyone, "bea", REASONS)
    assert waits() == [PANEL, DFE, ICB, "Petra"]


def passed_on(case: Case, everyone: Cast) -> None:
    """Southfen, which has no partners on record, takes it over."""
    how: dict[str, Any] = {"on": clock.today(), "at": clock.now()}
    why = "It happened in Southfen."
    services.propose_transfer(again(case), everyone.southfen, by=everyone.ada, reason=why, **how)
    services.answer_for_the_secretariat(again(case), agrees=True, by=everyone.sol, **how)
    accept(case.token, aware_on=None, giver_reads_until=None, by=everyone.cara, **how)


def test_who_signed_or_received_it_and_does_not_have_the_case_any_more_is_told_nothing(
    named: Case, everyone: Cast
) -> None:
    story = Told(everyone, named)
    names(story, "2026-11-20")
    for who in ("ira", "polly"):
        story.signed(who, "agree", "2026-11-20")
    for place, asked in ((REASONS, [ICB, POLICE]), (DESCRIPTION, RECEIVED)):
        before = len(waits())
        found = proposed(again(named), everyone, "bea", place)
        assert waits()[before:] == asked
        answered(named, found, everyone, act=redacting.decline)
    passed_on(named, everyone)
    before = len(waits())
    for place in (REASONS, DESCRIPTION):
        proposed(again(named), everyone, "cara", place)
    assert waits()[before:] == [PANEL, DFE, "Ofsted", "Petra"]


def test_of_a_restricted_case_whoever_is_named_is_told_once_and_may_name_an_approver(
    named: Case, everyone: Cast
) -> None:
    people = [everyone.people[name].pk for name in ("ada", "ben", "petra")]
    how: dict[str, Any] = {"on": clock.today(), "at": clock.now(), "reason": "Staff."}
    with sight.of(everyone.ben, on=clock.today()):
        services.restrict(again(named), people, by=everyone.ben, **how)
    proposed(named, everyone, "ben")
    rows = Outbox.objects.filter(kind__in=KINDS).select_related("case", "person", "organisation")
    letters = [(row.kind, compose(row, on=clock.today())) for row in rows.order_by("pk")]
    reached = [(kind, letter.to) for kind, letter in letters if letter is not None]
    nobody = "nobody_named_may_take_out"
    ben, petra = everyone.ben.email, everyone.petra.email
    assert reached == [(nobody, (ben,)), ("words_wait", (petra,))]


def test_where_nobody_but_the_one_approver_may_the_administrator_is_told(
    named: Case, everyone: Cast
) -> None:
    proposed(named, everyone, "ben")
    assert told()[0] == ("nobody_may_take_out", "Adam")
    assert "propose_redaction" not in {kind for kind, _ in told()}


def test_it_stands_on_the_case_and_in_a_list_for_those_who_may_answer_alone(
    named: Case, everyone: Cast
) -> None:
    clients = {name: sign_in(everyone.people[name]) for name in ("ada", "ben", "cara")}
    case, words = reverse("case", args=[named.token]), reverse("redactions")
    assert TITLE not in main(clients["ben"], case)
    found = proposed(named, everyone)
    assert TITLE in main(clients["ben"], case)
    assert TITLE not in main(clients["ada"], case)
    said = main(clients["ben"], words)
    assert named.label in said
    assert "Ada, Notifier, Northmoor" in said
    assert NAME not in said
    assert named.label not in main(clients["cara"], words)
    assert clients["ada"].get(words).status_code == 403
    assert words in clients["ben"].get(reverse("account")).content.decode()
    assert words not in clients["ada"].get(reverse("account")).content.decode()
    answered(named, found, everyone)
    assert "Nothing waits for your answer." in main(clients["ben"], words)
    assert TITLE not in main(clients["ben"], case)


def test_what_an_approver_proposed_waits_for_another_and_not_for_them(
    named: Case, everyone: Cast
) -> None:
    proposed(named, everyone, "ben")
    ben = sign_in(everyone.ben)
    assert TITLE not in main(ben, reverse("case", args=[named.token]))
    assert "Nothing waits for your answer." in main(ben, reverse("redactions"))


def test_a_case_passes_on_with_what_was_taken_out_of_it_and_what_waits(
    named: Case, everyone: Cast
) -> None:
    answered(named, proposed(named, everyone), everyone)
    waiting = proposed(named, everyone, words=["Child A"])
    before = told()
    passed_on(named, everyone)
    # Whoever was told before is not told again; of the new area nobody but its approver.
    assert told() == [*before, ("propose_redaction", "Cara")]
    assert {row.authority for row in Redaction.objects.all()} == {everyone.southfen}
    cara = sign_in(everyone.cara)
    assert named.label in main(cara, reverse("redactions"))
    assert "Nothing waits for your answer." in main(sign_in(everyone.ben), reverse("redactions"))
    answered(named, waiting, everyone, "cara")
    assert free(again(named), DESCRIPTION).text.startswith("[name taken out] was found")
    # Whoever proposed is of another authority now, and is told no more of it.
    assert ("take_words_out", "Ada") in told()
    assert len([kind for kind, _ in told() if kind == "take_words_out"]) == 1
