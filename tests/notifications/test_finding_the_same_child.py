"""The same child in two cases is found by digests alone: by whom, and by nobody else."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from notifications import duplicates, index
from notifications.known import Known, children
from notifications.models import ChildDigest, NationalDigest
from notifications.services import keep_facts
from notifications.transferring import accept
from tests import sight
from tests.notifications.answers import (
    BASIS,
    CHILD,
    a_draft,
    as_typed,
    at,
    country,
    fill,
    sent,
    sign_in,
    when,
    written,
)
from tests.notifications.looking import (
    NAMELESS,
    NO_NUMBER,
    ON,
    RHYS,
    found_at_home,
    found_by,
    of_southfen,
    owns,
    paper,
    veil,
    words,
)
from tests.story import Cast, cast, moment
from workflow import services
from workflow.access import shown
from workflow.models import Case, Look, Person
from workflow.sealed import answers, keys


@pytest.mark.parametrize("changes", [{}, NO_NUMBER], ids=["number", "birth date and name"])
def test_one_child_in_two_authorities_is_found_by_the_panel_and_by_neither_of_the_two(
    draft: Case, everyone: Cast, changes: dict[str, Any]
) -> None:
    mine = sent(draft, everyone.ada, changes)
    hers = of_southfen(everyone, changes | {"name": {**CHILD["name"], "given": "Niah"}})
    for one, other in ((mine, hers), (hers, mine)):
        for who in ("priya", "sol", "petra"):
            assert found_by(everyone.people[who], one) == [other.pk], who
    for who in ("ada", "ben", "ira", "bea", "dele", "adam"):
        assert found_by(everyone.people[who], mine) == [], who
    assert found_by(everyone.cara, hers) == []
    assert found_at_home(everyone.cara, hers) == found_at_home(everyone.ada, mine) == []


def test_the_panel_is_led_from_the_childrens_page_to_the_other_case_and_nobody_else_is(
    draft: Case, everyone: Cast
) -> None:
    mine, hers = sent(draft, everyone.ada), of_southfen(everyone)
    for who, told in (("priya", True), ("sol", True), ("ada", False), ("ira", False)):
        answer = sign_in(everyone.people[who]).get(at("children", mine))
        html = answer.content.decode()
        assert answer.status_code == 200, who
        assert (hers.address in html, "The same NHS number" in html) == (told, told), who
        assert "Sample" not in html, who


def test_another_child_is_found_by_nobody(draft: Case, everyone: Cast) -> None:
    mine, hers = sent(draft, everyone.ada), of_southfen(everyone, RHYS)
    assert found_by(everyone.priya, mine) == found_by(everyone.priya, hers) == []


def test_what_was_not_sent_to_the_panel_is_not_found_by_it(draft: Case, everyone: Cast) -> None:
    mine = sent(draft, everyone.ada)
    sign_in(everyone.cara).post("/notifications/new/start/", BASIS)
    written(Case.objects.get(authority=everyone.southfen), everyone.cara)
    assert found_by(everyone.priya, mine) == []


def test_nobody_is_found_by_a_birth_date_alone(draft: Case, everyone: Cast) -> None:
    written(draft, everyone.ada, NO_NUMBER | NAMELESS)
    assert not ChildDigest.objects.exists()
    assert not NationalDigest.objects.exists()
    assert not Known(date(2021, 3, 27), "", "", None).marks()


def test_what_was_corrected_is_found_as_it_is_now(draft: Case, everyone: Cast, ada: Client) -> None:
    mine, hers = sent(draft, everyone.ada), of_southfen(everyone)
    before = set(ChildDigest.objects.filter(case=mine).values_list("pk", flat=True))
    href = at("amend-item", mine, page="school", item=1)
    why = {"reason": "It was another number."}
    fill(ada, href, NO_NUMBER["school"] | why)
    assert found_by(everyone.priya, hers) == [mine.pk], "by its name and birth date still"
    fill(ada, at("amend-item", mine, page="name", item=1), RHYS["name"] | why)
    assert found_by(everyone.priya, hers) == []
    assert found_by(everyone.priya, of_southfen(everyone, NO_NUMBER | {"name": RHYS["name"]})) == [
        mine.pk
    ]
    assert not before & set(ChildDigest.objects.filter(case=mine).values_list("pk", flat=True))


def test_a_child_that_is_taken_out_is_found_no_longer(
    draft: Case, everyone: Cast, ada: Client
) -> None:
    written(draft, everyone.ada)
    assert ChildDigest.objects.exists()
    remove = at("item-remove", draft, section="children", item=1)
    ada.post(remove, {"sure": "yes", "version": "1"})
    assert not ChildDigest.objects.exists()
    assert not NationalDigest.objects.exists()


@pytest.mark.parametrize("begun", [written, sent])
def test_a_case_that_passes_on_is_found_with_the_key_of_its_new_authority(
    draft: Case, everyone: Cast, begun: Any
) -> None:
    full = begun(draft, everyone.ada)
    how: dict[str, Any] = {"on": ON, "at": moment(ON)}
    services.propose_transfer(full, everyone.southfen, by=everyone.ada, reason="Theirs.", **how)
    aware = None if full.notified_on else ON
    if full.notified_on:
        services.answer_for_the_secretariat(full, agrees=True, by=everyone.sol, **how)
    accept(full.token, aware_on=aware, giver_reads_until=None, by=everyone.cara, **how)
    known = children(paper(full)).values()
    assert index.in_authority(everyone.southfen.pk, known) == {full.pk}
    assert index.in_authority(everyone.northmoor.pk, known) == set()
    assert owns(full) == {veil(everyone.southfen).word(word) for word in words(full)}


def test_what_is_alike_is_in_the_log_of_the_other_case_as_listed_and_no_more(
    draft: Case, everyone: Cast
) -> None:
    mine, hers = sent(draft, everyone.ada), of_southfen(everyone)
    sign_in(everyone.priya).get(at("children", mine))
    looks = dict(Look.objects.filter(person=everyone.priya).values_list("case", "fields"))
    assert looks[hers.pk] == Look.Fields.LISTED
    assert looks[mine.pk] == Look.Fields.CONTENT


def test_a_case_whose_key_is_damaged_keeps_nobody_from_the_others(
    draft: Case, everyone: Cast, ada: Client, caplog: pytest.LogCaptureFixture
) -> None:
    mine, hers = sent(draft, everyone.ada), of_southfen(everyone)
    for case in (written(a_draft(everyone), everyone.ada), of_southfen(everyone)):
        next(keys.store().folder.glob(f"*/{case.key_id}.key")).write_bytes(b"damaged")
    keys._open.cache_clear()
    assert found_by(everyone.priya, mine) == [hers.pk]
    answer = sign_in(everyone.priya).get(at("children", mine))
    assert (answer.status_code, hers.address in answer.content.decode()) == (200, True)
    assert found_at_home(everyone.ada, mine) == []
    assert ada.get(at("check", written(a_draft(everyone), everyone.ada))).status_code == 200
    assert "a case could not be compared" in caplog.text


def test_as_many_cases_are_opened_among_many_as_among_few(draft: Case, everyone: Cast) -> None:
    mine = written(draft, everyone.ada)
    alike = written(a_draft(everyone), everyone.ada, {"name": {**CHILD["name"], "given": "Niah"}})
    opened = []
    for number in range(3):
        asked, first = paper(mine), f"2026-10-{number + 1:02}"
        with shown.watching() as seen, sight.of(everyone.ada, on=ON):
            found = duplicates.looks_like(asked, by=everyone.ada, on=ON)
        assert [one.case.pk for one in found] == [alike.pk]
        opened.append(seen.opened)
        happened = {"exactness": "one_day", **when("began_on", first), "time": ""}
        written(a_draft(everyone), everyone.ada, RHYS | {"when": happened})
    assert opened == [{mine.pk, alike.pk}] * 3


def test_who_saves_half_of_a_child_each_at_once_leave_it_found(
    committing_db: str, today: object
) -> None:
    """One gives the name, the other the birth date: neither alone is anything to be found by."""
    everyone = country(cast())
    nothing = NO_NUMBER | NAMELESS | {"birth": {"basis": "estimated", "age": "5", "sex": "F"}}
    case = written(a_draft(everyone), everyone.ada, nothing)

    def saved(page: str, by: Person) -> None:
        with transaction.atomic():
            known = paper(case)
            leaf = known.leaf(page, "1")
            said, seen = as_typed(CHILD[page]), known.version(leaf)
            how: dict[str, Any] = {"by": by, "at": moment(ON)}
            row = answers.save(case, known.name, *leaf.key, typed=said, seen_version=seen, **how)
            keep_facts(known.with_row(row), on=ON, **how)

    def beside() -> None:
        try:
            saved("name", everyone.ben)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            saved("birth", everyone.ada)
            waits = other.submit(beside)
            wait([waits], timeout=0.5)
        waits.result(timeout=20)
    assert ChildDigest.objects.filter(case=case).count() == len("nia sample") - 1


def test_what_was_read_before_the_case_passed_on_is_written_into_no_index(
    draft: Case, everyone: Cast
) -> None:
    full = written(draft, everyone.ada)
    stale, before = paper(full), owns(full)
    stale.case.authority = everyone.southfen
    index.keep(stale)
    assert owns(full) == before
