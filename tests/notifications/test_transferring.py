"""A case passes to another authority when that one accepts it, with its own clocks."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from notifications.sections import Lists
from notifications.services import paper_of
from notifications.transferring import accept
from tests.notifications.answers import at, fill, sent, sign_in, written
from tests.story import Cast, day, moment
from workflow import services
from workflow.machine.case_transfer import CaseTransfer
from workflow.machine.handing_over import rows_of_a_case
from workflow.models import Case, Deadline, Event, Grant, Outbox
from workflow.services import CannotAdvance

WHY = "It happened on the Southfen side of the river, says zebra-onyx."
ON = "2026-11-20"


@pytest.fixture
def full(draft: Case, everyone: Cast) -> Case:
    """A whole draft: known on 19 November, so due on 26 November."""
    return written(draft, everyone.ada)


def propose(case: Case, cast: Cast, **more: Any) -> Event:
    said: dict[str, Any] = {"by": cast.ada, "on": day(ON), "at": moment(ON), "reason": WHY, **more}
    return services.propose_transfer(case, cast.southfen, **said)


def accepted(case: Case, cast: Cast, *, aware: str = ON, reads_until: str = "") -> Case:
    until = day(reads_until) if reads_until else None
    said: dict[str, Any] = {"by": cast.cara, "on": day(ON), "at": moment(ON)}
    accept(case.token, aware_on=day(aware), giver_reads_until=until, **said)
    return Case.objects.select_related("notification", "authority", "partnership").get(pk=case.pk)


def clocks(case: Case) -> list[tuple[str, int, str, str]]:
    rows = Deadline.objects.filter(case=case, duty="notify-the-panel").order_by("cycle")
    return [(row.owed_by.name, row.cycle, str(row.due_on), row.cancelled_why) for row in rows]


def test_until_it_is_accepted_nothing_changes_and_the_other_sees_no_content(
    full: Case, everyone: Cast
) -> None:
    propose(full, everyone)
    cara = sign_in(everyone.cara)
    assert cara.get(reverse("case", args=[full.token])).status_code == 200
    for name in ("notifications:tasks", "notifications:read", "notifications:children", "timeline"):
        assert cara.get(reverse(name, args=[full.token])).status_code == 404, name
    assert clocks(full) == [("Northmoor", 1, "2026-11-26", "")]


def test_accepting_ends_the_old_clock_and_starts_one_from_its_own_awareness(
    full: Case, everyone: Cast
) -> None:
    propose(full, everyone)
    case = accepted(full, everyone, aware="2026-11-20")
    assert case.authority == everyone.southfen
    assert clocks(case) == [
        ("Northmoor", 1, "2026-11-26", "transferred"),
        ("Southfen", 2, "2026-11-27", ""),
    ]
    assert str(case.next_due_on) == "2026-11-27"
    assert str(case.aware_on) == "2026-11-20"


def test_what_was_answered_goes_with_it_and_what_was_the_earlier_ones_own_does_not(
    full: Case, everyone: Cast
) -> None:
    propose(full, everyone)
    case = accepted(full, everyone)
    paper = paper_of(case, on=day(ON), lists=Lists(day(ON)))
    assert paper.value("description", "description") == "Child A was found with bruises."
    assert paper.items(paper.document.section("children")) == ["1"]
    assert paper.row(paper.leaf("contact")) is None
    assert str(paper.value("awareness", "aware_on")) == "2026-11-20"
    assert not getattr(paper.row(paper.leaf("awareness")), "complete", True)


def test_an_incident_elsewhere_in_england_is_now_in_the_area(draft: Case, everyone: Cast) -> None:
    fill(sign_in(everyone.ada), at("page", draft, page="basis"), {
        "happened": "seriously_harmed", "abuse": "suspected", "place": "elsewhere_in_england",
        "age": "under_18",
    })  # fmt: skip
    draft = Case.objects.get(pk=draft.pk)
    assert not draft.route.goes_to_panel
    propose(draft, everyone)
    case = accepted(draft, everyone)
    assert (case.place, case.route.goes_to_panel) == ("in_area", True)
    assert [row[0] for row in clocks(case)] == ["Southfen"]


def test_every_row_moves_and_what_only_grows_stays_as_written(full: Case, everyone: Cast) -> None:
    propose(full, everyone)
    case = accepted(full, everyone)
    moved = {model._meta.db_table for model in rows_of_a_case()}
    assert {"workflow_answers", "workflow_deadline"} <= moved
    tables = {
        model._meta.db_table
        for model in apps.get_models()
        if {"case", "authority"} <= {field.name for field in model._meta.fields}
    }
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE case_id = %s AND authority_id = %s',
                [case.pk, everyone.northmoor.pk],
            )
            left = cursor.fetchone()[0]
            assert not (left and table in moved), table
    first = Event.objects.filter(case=case).order_by("sequence")[0]
    assert first.authority == everyone.northmoor


def test_sealed_answers_still_open(full: Case, everyone: Cast) -> None:
    propose(full, everyone)
    case = accepted(full, everyone)
    html = sign_in(everyone.cara).get(at("page", case, page="description")).content.decode()
    assert "Child A was found with bruises." in html
    transfer = CaseTransfer.objects.select_related("case").get(case=case)
    assert transfer.reason == WHY


@pytest.mark.parametrize(("until", "status"), [("", 404), ("2026-12-01", 200)])
def test_the_earlier_authority_reads_on_only_as_long_as_a_grant_says(
    full: Case, everyone: Cast, until: str, status: int
) -> None:
    propose(full, everyone)
    case = accepted(full, everyone, reads_until=until)
    ada = sign_in(everyone.ada)
    assert ada.get(reverse("case", args=[case.token])).status_code == status
    assert ada.get(reverse("notifications:tasks", args=[case.token])).status_code == 404
    assert not Case.objects.visible_to(everyone.ada, day("2026-12-02")).exists()
    assert not Grant.objects.active(day(ON)).filter(capacity="asked_to_take_over").exists()


def test_the_new_authority_sends_it(full: Case, everyone: Cast) -> None:
    propose(full, everyone)
    case = sent(accepted(full, everyone), everyone.cara)
    rows = Deadline.objects.filter(case=case).open().select_related("owed_by")
    owed = {row.duty: row.owed_by for row in rows}
    assert owed["rapid-review"] == everyone.southfen
    assert case.notification.state == "submitted"


def test_declining_needs_a_reason_and_ends_the_sight(full: Case, everyone: Cast) -> None:
    propose(full, everyone)
    said: dict[str, Any] = {"by": everyone.cara, "on": day(ON), "at": moment(ON)}
    with pytest.raises(CannotAdvance):
        services.decline_transfer(full, reason=" ", **said)
    services.decline_transfer(full, reason="It was on your side.", **said)
    assert sign_in(everyone.cara).get(reverse("case", args=[full.token])).status_code == 404
    assert clocks(full) == [("Northmoor", 1, "2026-11-26", "")]
    assert Outbox.objects.filter(kind="decline_transfer", organisation=everyone.northmoor).exists()


def test_it_can_be_taken_back_and_proposed_again(full: Case, everyone: Cast) -> None:
    propose(full, everyone)
    said: dict[str, Any] = {"by": everyone.ada, "on": day(ON), "at": moment(ON)}
    with pytest.raises(CannotAdvance, match="already waiting"):
        propose(full, everyone)
    services.take_back_transfer(full, reason="A mistake.", **said)
    assert not Case.objects.visible_to(everyone.cara, day(ON)).exists()
    propose(full, everyone)


@pytest.mark.parametrize("who", ["ira", "bea", "sol", "cara"])
def test_nobody_but_the_authority_proposes_it(full: Case, everyone: Cast, who: str) -> None:
    with pytest.raises((CannotAdvance, services.NotFound)):
        propose(full, everyone, by=everyone.people[who])


def test_nobody_but_the_one_asked_accepts(full: Case, everyone: Cast) -> None:
    propose(full, everyone)
    with pytest.raises(CannotAdvance, match="Only a notifier or approver of Southfen"):
        services.accept_transfer(
            full,
            aware_on=day(ON),
            giver_reads_until=None,
            by=everyone.ada,
            on=day(ON),
            at=moment(ON),
        )


def test_what_was_sent_waits_for_the_secretariat_first(full: Case, everyone: Cast) -> None:
    sent(full, everyone.ada)
    case = Case.objects.select_related("notification").get(pk=full.pk)
    propose(case, everyone)
    assert not Case.objects.visible_to(everyone.cara, day(ON)).exists()
    with pytest.raises(services.NotFound):
        accepted_now(case, everyone)
    said: dict[str, Any] = {"by": everyone.sol, "on": day(ON), "at": moment(ON)}
    services.answer_for_the_secretariat(case, agrees=True, **said)
    assert Case.objects.visible_to(everyone.cara, day(ON)).exists()
    case = accepted_now(case, everyone)
    rows = Deadline.objects.filter(case=case).select_related("owed_by")
    owed = {row.duty: (row.owed_by.name, str(row.due_on)) for row in rows if row.is_open}
    assert owed == {"rapid-review": ("Southfen", "2026-12-11")}
    met = {row.owed_by.name for row in rows if row.met_on}
    assert met == {"Northmoor"}, "what was met was met by the earlier authority"
    assert not Case.objects.visible_to(everyone.ira, day(ON)).exists()
    assert Case.objects.visible_to(everyone.sol, day(ON)).exists()


def accepted_now(case: Case, cast: Cast) -> Case:
    case = Case.objects.select_related("notification", "authority").get(pk=case.pk)
    said: dict[str, Any] = {"by": cast.cara, "on": day(ON), "at": moment(ON)}
    services.accept_transfer(case, aware_on=None, giver_reads_until=None, **said)
    return Case.objects.get(pk=case.pk)


def test_the_secretariat_may_refuse_what_was_sent(full: Case, everyone: Cast) -> None:
    sent(full, everyone.ada)
    case = Case.objects.select_related("notification").get(pk=full.pk)
    propose(case, everyone)
    said: dict[str, Any] = {"by": everyone.sol, "on": day(ON), "at": moment(ON)}
    services.answer_for_the_secretariat(case, agrees=False, reason="No.", **said)
    assert CaseTransfer.objects.get().state == "declined"


def test_the_trail_shows_both_sides(full: Case, everyone: Cast) -> None:
    propose(full, everyone)
    case = accepted(full, everyone)
    acts = {row.act: row for row in Event.objects.filter(case=case).select_related("organisation")}
    assert acts["propose_transfer"].organisation == everyone.northmoor
    assert acts["take_over"].organisation == everyone.southfen
    assert acts["take_over"].payload["giver"] == everyone.northmoor.pk
    html = sign_in(everyone.cara).get(reverse("timeline", args=[case.token])).content.decode()
    assert "Proposed to transfer the case" in html


def page(case: Case) -> str:
    return reverse("notifications:transfer", args=[case.token])


def test_proposing_asks_first_and_keeps_what_was_typed(full: Case, everyone: Cast) -> None:
    ada = sign_in(everyone.ada)
    missing = ada.post(page(full), {"reason": WHY}).content.decode()
    assert "Select the local authority" in missing
    assert WHY in missing
    typed = {"authority": "9902", "reason": WHY}
    pause = ada.post(page(full), typed).content.decode()
    assert "Are you sure you want to ask Southfen to take over this case?" in pause
    assert "Thursday 26 November 2026" in pause
    assert not CaseTransfer.objects.exists()
    assert WHY in ada.post(page(full), {**typed, "confirmed": "no"}).content.decode()
    assert ada.post(page(full), {**typed, "confirmed": "yes"})["Location"] == page(full)
    assert CaseTransfer.objects.get().receiver == everyone.southfen
    assert "It waits for" in ada.get(page(full)).content.decode()


def test_the_one_asked_sees_facts_without_names_and_answers(full: Case, everyone: Cast) -> None:
    propose(full, everyone)
    cara = sign_in(everyone.cara)
    assert "Answer whether your authority takes this case over" in cara.get(
        reverse("case", args=[full.token])
    ).content.decode()  # fmt: skip
    html = cara.get(page(full)).content.decode()
    assert WHY in html
    assert "In the area of Northmoor" in html
    assert "Nia" not in html
    refused = cara.post(page(full), {"answer": "yes"}).content.decode()
    assert "Enter the date your authority became aware" in refused
    day_typed = {"aware_on-day": "20", "aware_on-month": "11", "aware_on-year": "2026"}
    answer = cara.post(page(full), {"answer": "yes", **day_typed})
    assert answer["Location"] == reverse("notifications:due", args=[full.token])
    assert "27 November 2026" in cara.get(answer["Location"]).content.decode()


def test_the_one_asked_declines_on_the_page(full: Case, everyone: Cast) -> None:
    propose(full, everyone)
    cara = sign_in(everyone.cara)
    assert "Enter why you decline" in cara.post(page(full), {"answer": "no"}).content.decode()
    assert cara.post(page(full), {"answer": "no", "reason": "Yours."}).status_code == 302
    assert cara.get(page(full)).status_code == 404


def test_the_secretariat_agrees_on_its_page(full: Case, everyone: Cast) -> None:
    sent(full, everyone.ada)
    case = Case.objects.select_related("notification").get(pk=full.pk)
    propose(case, everyone)
    sol, cara = sign_in(everyone.sol), sign_in(everyone.cara)
    assert cara.get(page(case)).status_code == 404
    assert "Agree to a transfer" in sol.get(page(case)).content.decode()
    assert sol.post(page(case), {"answer": "yes"}).status_code == 302
    html = cara.get(page(case)).content.decode()
    assert "The notification has been sent" in html
    assert "aware_on" not in html


@pytest.mark.parametrize("who", ["cara", "ira", "sol", "olu"])
def test_for_anybody_else_there_is_no_such_page(full: Case, everyone: Cast, who: str) -> None:
    assert sign_in(everyone.people[who]).get(page(full)).status_code == 404
