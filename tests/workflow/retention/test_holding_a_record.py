"""A legal hold: who places and lifts it; the key store knows of it before it commits."""

from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from tests.story import Story, day, moment
from tests.workflow.retention.telling import WHY, closed, held, lifted, step
from workflow.machine.refusals import CannotAdvance, NotFound
from workflow.models import Event, HoldLifted, LegalHold
from workflow.retention import disposing
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


def test_the_database_ends_no_hold_of_another_body_or_case(story: Story) -> None:
    theirs = held(story, by="petra")
    other = closed(story.cast)
    for case, organisation in ((story.case, story.cast.northmoor), (other.case, story.cast.panel)):
        with (
            pytest.raises(IntegrityError, match="lifted by whoever placed it"),
            transaction.atomic(),
        ):
            HoldLifted.objects.create(
                case=case, authority=case.authority, hold=theirs, by=story.cast.ben,
                role="la_approver", organisation=organisation, on=day("2028-01-04"),
                at=moment("2028-01-04"), reason="Not ours.",
            )  # fmt: skip


def test_a_record_that_only_the_key_store_knows_to_be_held_does_not_end(story: Story) -> None:
    step(story, "propose", "adam")
    keys.store().hold(story.case.key_id, UUID(int=7))
    with pytest.raises(CannotAdvance) as refusal, transaction.atomic():
        step(story, "confirm", "ben")
    assert refusal.value.reasons == [disposing.HELD]
    # Somebody made sure that nobody holds it.
    with pytest.raises(CommandError, match="No mark"):
        call_command("sweep_keys", let_go=str(UUID(int=8)))
    call_command("sweep_keys", let_go=str(story.case.key_id), dry_run=True, stdout=StringIO())
    assert marks(story) == {str(UUID(int=7))}
    call_command("sweep_keys", let_go=str(story.case.key_id), stdout=StringIO())
    assert marks(story) == set()
    step(story, "confirm", "ben")


def test_the_mark_of_a_hold_that_the_database_knows_is_let_go_by_nobody(story: Story) -> None:
    hold = held(story)
    with pytest.raises(CommandError, match="No mark"):
        call_command("sweep_keys", let_go=str(story.case.key_id))
    assert marks(story) == {str(hold.mark)}
