"""Service status says that cases may be missing in the indexes until all of them were written."""

from importlib import import_module
from io import StringIO
from typing import Any

from django.core.management import CommandError, call_command

from notifications import index, index_health
from tests import databases
from tests.notifications.answers import a_draft, at, country, fill, sent, sign_in, written
from tests.notifications.looking import ON, RHYS, of_southfen, owns, veil, words
from tests.story import Cast, cast, day
from workflow import clock
from workflow.access import context
from workflow.health.signs import Sign
from workflow.health.words import said
from workflow.models import Case, IndexGap, IndexKey
from workflow.sealed import blind, keys

MIGRATION = import_module("workflow.migrations.0052_say_that_cases_may_be_missing")


def seen() -> Sign:
    with context.serving(context.HEALTH):
        return index_health.sign(clock.now())


def indexed(**options: bool) -> str:
    """The command as somebody runs it; what it says is wrong."""
    try:
        call_command("index_children", stdout=StringIO(), **options)
    except CommandError as trouble:
        return str(trouble)
    return ""


def upgraded(database: str) -> None:
    """The step of the migration, by the owner who has said nothing of what for."""
    with databases.as_owner(database) as server, server.transaction():
        server.execute("SELECT set_config('sight.purpose', '', false)")
        for statement in MIGRATION.GAP:
            server.execute(statement.encode())


def test_an_upgrade_with_cases_is_not_well_until_each_was_written(
    committing_db: str, today: object
) -> None:
    everyone = country(cast())
    upgraded(committing_db)
    assert seen().well, "there is no case to miss"
    of_southfen(everyone)
    upgraded(committing_db)
    with databases.as_worker(committing_db):
        sick = seen()
    assert (sick.well, sick.figures["whole"]) == (False, False)
    assert IndexGap.objects.count() == 1
    told = said(sick, at=clock.now())
    assert "not found by their children" in told.wrong
    assert "manage.py index_children" in told.to_do
    assert "--lost" not in told.to_do
    for only in ("dry_run", "renew"):
        assert indexed(**{only: True}) == ""
        assert not seen().well
    assert indexed() == ""
    assert seen().well


def test_a_case_that_cannot_be_written_leaves_the_sign_as_it_is(everyone: Cast) -> None:
    case = written(a_draft(everyone), everyone.ada)
    of_southfen(everyone)
    IndexGap.objects.create(since=ON)
    file = next(keys.store().folder.glob(f"*/{case.key_id}.key"))
    content = file.read_bytes()
    file.unlink()
    keys._open.cache_clear()
    assert "1 case can’t be opened" in indexed()
    assert not seen().well
    file.write_bytes(content)
    assert indexed() == ""
    assert seen().well


def test_a_case_whose_key_is_lost_for_good_is_given_up_by_somebody(everyone: Cast) -> None:
    case = written(a_draft(everyone), everyone.ada)
    of_southfen(everyone)
    IndexGap.objects.create(since=ON)
    next(keys.store().folder.glob(f"*/{case.key_id}.key")).unlink()
    keys._open.cache_clear()
    assert "1 case can’t be opened" in indexed()
    assert not seen().well
    assert "1 case can’t be opened" in indexed(lost=True)
    assert seen().well


def test_a_run_that_ends_before_the_cases_were_written_leaves_the_sign_not_well(
    draft: Case, everyone: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    """A key is given up first, with all that stood under it; the cases come after that."""
    sent(draft, everyone.ada)
    keys.dispose_of(IndexKey.objects.get(organisation=everyone.northmoor).key_id)
    assert seen().figures["whole"]
    with django_capture_on_commit_callbacks(execute=True):
        assert index.renew(on=ON, states=blind.GIVEN_UP) == 1
    assert (seen().figures["lost"], seen().figures["whole"]) == (0, False)
    assert not seen().well
    assert next(index.keep_all(on=ON))
    assert not seen().well, "what was broken off is not whole"
    assert indexed() == ""
    assert seen().well


def test_what_was_saved_while_a_key_was_away_is_missing_until_all_was_written(
    draft: Case, everyone: Cast
) -> None:
    case = sent(draft, everyone.ada)
    key = IndexKey.objects.get(organisation=everyone.northmoor)
    file = next(keys.store().folder.glob(f"*/{key.key_id}.key"))
    content = file.read_bytes()
    file.unlink()
    why = {"reason": "It was another name."}
    fill(sign_in(everyone.ada), at("amend-item", case, page="name", item=1), RHYS["name"] | why)
    assert "can’t be read: 1" in indexed()
    file.write_bytes(content)
    sick = seen()
    assert (sick.well, sick.figures["lost"]) == (False, 0)
    assert "while it could not be written" in said(sick, at=clock.now()).wrong
    assert indexed() == ""
    assert seen().well
    assert owns(case) == {veil(everyone.northmoor).word(word) for word in words(case)}


def test_a_new_key_leaves_no_gap_and_an_earlier_run_closes_no_later_one(
    draft: Case, everyone: Cast
) -> None:
    sent(draft, everyone.ada)
    assert index.renew(on=ON, states=blind.ALL) == 2
    assert seen().well
    IndexGap.objects.create(since=ON)
    found = blind.gaps()
    later = IndexGap.objects.create(since=day("2026-11-21"))
    blind.filled(found)
    assert blind.gaps() == {later.pk}
