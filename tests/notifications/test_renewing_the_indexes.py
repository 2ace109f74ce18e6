"""An index has a new key where a record ended, whatever went wrong then and whoever writes."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from notifications import index
from notifications.known import children
from notifications.models import ChildDigest
from notifications.transferring import accept
from tests.notifications.answers import a_draft, country, sent, written
from tests.notifications.looking import ON, RHYS, nationwide, of_southfen, owns, paper, veil, words
from tests.story import Cast, cast, day, moment
from tests.workflow.retention.telling import closed, ended
from workflow import services
from workflow.models import Case, IndexKey
from workflow.sealed import blind, keys


def test_what_a_record_left_while_the_panels_key_was_away_ends_with_that_key(
    everyone: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    story = closed(everyone)
    written(story.case, everyone.ada)
    row = IndexKey.objects.get(organisation=everyone.panel)
    file = next(keys.store().folder.glob(f"*/{row.key_id}.key"))
    content = file.read_bytes()
    file.unlink()
    ended(story, "2101-11-20")
    file.write_bytes(content)
    assert nationwide(story.case, veil(everyone.panel)), "nobody could tell which rows were its own"
    with django_capture_on_commit_callbacks(execute=True):
        assert index.renew(on=day("2101-11-21")) == 2
    assert not nationwide(story.case, veil(everyone.panel))


def test_a_key_is_older_than_an_end_whatever_the_day_and_is_so_once(
    everyone: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    story = closed(everyone)
    written(story.case, everyone.ada)
    ended(story, "2101-11-20")
    with django_capture_on_commit_callbacks(execute=True):
        renewed = [index.renew(on=day(f"2101-11-{number}")) for number in (20, 20, 21)]
    assert renewed == [2, 0, 0]


def test_what_an_older_release_left_of_an_ended_record_passes_to_no_new_key(
    everyone: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    story = closed(everyone)
    written(story.case, everyone.ada)
    left = list(ChildDigest.objects.filter(case=story.case))
    ended(story, "2101-11-20")
    ChildDigest.objects.bulk_create(left)
    with django_capture_on_commit_callbacks(execute=True):
        assert index.renew(on=day("2101-11-21")) == 2
    assert not ChildDigest.objects.filter(case=story.case).exists()


def test_the_rows_of_one_case_do_not_lie_together_under_a_new_key(
    draft: Case, everyone: Cast
) -> None:
    mine, hers = sent(draft, everyone.ada), of_southfen(everyone, RHYS)
    assert index.renew(on=ON, states=blind.ALL) == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT place FROM notifications_nationaldigest ORDER BY ctid")
        lie = [veil(everyone.panel).case_at(place) for (place,) in cursor.fetchall()]
    assert {mine.pk, hers.pk} == set(lie)
    assert len(lie) == len(words(mine)) + len(words(hers)) > 12
    assert lie not in (sorted(lie, key=str), sorted(lie, key=str, reverse=True))


def test_no_sweep_takes_a_key_from_its_first_moment(
    draft: Case, everyone: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        written(draft, everyone.ada)
    made = {str(key_id) for key_id in IndexKey.objects.values_list("key_id", flat=True)}
    assert len(made) == 2
    assert {(key_id, blind.MARK) for key_id in made} <= set(keys.store().holds())


def test_the_panel_is_led_to_the_cases_of_that_child_and_to_no_other(
    draft: Case, everyone: Cast
) -> None:
    mine, hers = sent(draft, everyone.ada), of_southfen(everyone)
    other = written(a_draft(everyone), everyone.ada, RHYS)
    assert index.everywhere(children(paper(mine)).values()) == {mine.pk, hers.pk}
    assert index.everywhere(children(paper(other)).values()) == {other.pk}


def _keep(case: Case) -> None:
    known = paper(case)
    known.case.is_locked = True
    index.keep(known)


def _renew(case: Case) -> None:
    index.renew(on=ON, states=blind.ALL)


@pytest.mark.parametrize(
    ("held", "waits"),
    [
        (blind.alone, _keep),
        (blind.alone, index.forget),
        (blind.alone, lambda case: index.in_authority(case.authority_id, _known(case))),
        (blind.alone, lambda case: index.everywhere(_known(case))),
        (blind.steady, _renew),
    ],
    ids=["writing", "forgetting", "an authority", "the Panel", "a new key"],
)
def test_nobody_reads_or_writes_an_index_while_its_key_changes(
    committing_db: str, today: object, held: Callable[[], None], waits: Callable[[Case], Any]
) -> None:
    everyone = country(cast())
    case = written(a_draft(everyone), everyone.ada)

    def beside() -> str:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
                waits(case)
        except OperationalError as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "did not wait"

    with ThreadPoolExecutor(1) as other, transaction.atomic():
        held()
        assert "lock timeout" in other.submit(beside).result(timeout=20)


def test_a_case_passes_on_and_the_indexes_are_renewed_at_once(
    committing_db: str, today: object
) -> None:
    """Whoever passes it on waits before any row of its index, or each would wait for the other."""
    everyone = country(cast())
    case = written(a_draft(everyone), everyone.ada)
    how: dict[str, Any] = {"on": ON, "at": moment(ON)}
    services.propose_transfer(case, everyone.southfen, by=everyone.ada, reason="Theirs.", **how)

    def beside() -> None:
        try:
            accept(case.token, aware_on=ON, giver_reads_until=None, by=everyone.cara, **how)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            blind.alone()
            passing = other.submit(beside)
            assert _somebody_waits()
            assert index.renew(on=ON, states=blind.ALL) == 2
        passing.result(timeout=20)
    assert index.in_authority(everyone.southfen.pk, _known(case)) == {case.pk}
    assert owns(case) == {veil(everyone.southfen).word(word) for word in words(case)}


def _somebody_waits() -> bool:
    waiting = (
        "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
        " WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted"
    )
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute(waiting)
            if cursor.fetchone() != (0,):
                return True
            time.sleep(0.05)
    return False


def _known(case: Case) -> Any:
    return children(paper(case)).values()


def test_the_command_only_counts_when_it_is_asked_to_and_tells_a_program(
    draft: Case, everyone: Cast
) -> None:
    case = written(draft, everyone.ada)
    ChildDigest.objects.all().delete()
    for dry_run in (True, False):
        said = StringIO()
        call_command("index_children", new_keys=True, dry_run=dry_run, json=True, stdout=said)
        told = {"cases": 1, "written": 1, "new_keys": 0 if dry_run else 2, "done": not dry_run}
        assert json.loads(said.getvalue()) == told
        assert bool(owns(case)) is not dry_run
