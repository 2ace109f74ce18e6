"""A legal hold: who places and lifts it; the key store knows of it before it commits."""

from uuid import UUID

import pytest
from django.db import connection, transaction

from tests.story import Story
from tests.workflow.retention.telling import WHY, closed, held, lifted
from workflow.machine.refusals import CannotAdvance, NotFound
from workflow.models import Event, LegalHold
from workflow.retention.holding import LIFTED, NOT_THEIRS
from workflow.sealed import keys
from workflow.sealed.errors import KeyHeldError
from workflow.sealed.sweeping import settle_keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db: None) -> Story:
    return closed()


def marks(story: Story) -> set[str]:
    return {mark for key_id, mark in keys.store().holds() if key_id == str(story.case.key_id)}


def test_a_held_key_is_destroyed_by_nobody(story: Story) -> None:
    hold = held(story)
    assert marks(story) == {str(hold.mark)}
    for destroy in (keys.destroy, keys.dispose_of):
        with pytest.raises(KeyHeldError):
            destroy(story.case.key_id)
    keys.get(story.case.key_id)
    assert LegalHold.objects.select_related("case").get().reason == WHY
    assert Event.objects.get(act="hold_record").actor == story.cast.ben


def test_the_mark_stands_before_the_hold_commits_and_goes_after_its_end_does(
    story: Story, django_capture_on_commit_callbacks: object
) -> None:
    with transaction.atomic():
        held(story)
        transaction.set_rollback(True)
    # What did not commit leaves a mark too many, which keeps the key and is named for somebody.
    assert len(marks(story)) == 1
    assert not LegalHold.objects.exists()
    assert settle_keys().unknown == [str(story.case.key_id)]
    for key_id, mark in list(keys.store().holds()):
        keys.store().let_go(key_id, mark)
    hold = held(story)
    with django_capture_on_commit_callbacks() as after:  # type: ignore[operator]
        lifted(story, hold)
        assert marks(story)
    assert len(after) == 1
    after[0]()
    assert not marks(story)


def test_only_the_body_that_placed_a_hold_lifts_it_and_once(story: Story) -> None:
    ours, theirs = held(story), held(story, by="petra")
    for hold, by in ((ours, "petra"), (theirs, "ben")):
        with pytest.raises(CannotAdvance) as refusal, transaction.atomic():
            lifted(story, hold, by=by)
        assert refusal.value.reasons == [NOT_THEIRS]
    lifted(story, ours)
    with pytest.raises(CannotAdvance) as refusal, transaction.atomic():
        lifted(story, ours)
    assert refusal.value.reasons == [LIFTED]


@pytest.mark.parametrize("by", ["ada", "adam", "sol", "priya", "ira", "sam"])
def test_no_other_role_places_a_hold(story: Story, by: str) -> None:
    with pytest.raises(CannotAdvance), transaction.atomic():
        held(story, by=by)


def test_nobody_holds_a_record_that_is_not_theirs(story: Story) -> None:
    with pytest.raises(NotFound), transaction.atomic():
        held(story, by="cara")


def test_the_daily_sweep_marks_what_stands_and_lets_go_what_was_lifted(story: Story) -> None:
    stands, over = held(story), held(story, by="petra")
    lifted(story, over, by="petra")
    # As after an older copy of the store: the one that stands has lost its mark.
    keys.store().let_go(story.case.key_id, stands.mark)
    assert settle_keys(dry_run=True).held == [str(story.case.key_id)]
    assert marks(story) == {str(over.mark)}
    done = settle_keys()
    assert (done.held, done.let_go, done.unknown) == (
        [str(story.case.key_id)], [str(story.case.key_id)], [],
    )  # fmt: skip
    assert marks(story) == {str(stands.mark)}


def test_an_older_database_frees_nothing_that_a_newer_one_held(story: Story) -> None:
    mark = UUID(int=7)
    keys.store().hold(story.case.key_id, mark)
    done = settle_keys()
    assert (done.let_go, done.unknown) == ([], [str(story.case.key_id)])
    assert marks(story) == {str(mark)}


def test_the_database_holds_nothing_that_is_gone_and_never_forgets_a_hold(story: Story) -> None:
    hold = held(story)
    for statement in ("UPDATE workflow_legalhold SET at = now()", "DELETE FROM workflow_legalhold"):
        with pytest.raises(Exception, match=r"append-only|permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
    hold.refresh_from_db()
