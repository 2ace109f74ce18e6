"""From when the years of a record count: acts about who may see the case make them no others."""

from tests.story import day, moment
from tests.workflow.access.naming import told
from tests.workflow.retention.telling import BEFORE, DUE, closed, ended
from workflow.models import DisposalStep, Event
from workflow.retention.standing import due, standing_of


def test_to_restrict_to_name_and_to_lift_makes_a_record_be_kept_neither_longer_nor_shorter(
    db: None,
) -> None:
    story = closed()
    adam = story.cast.adam
    for on, act, *names in (
        ("2026-11-09", "restrict", "ada", "ben", "sol"),
        ("2031-03-03", "name_people", "ada", "ben", "petra"),
        ("2059-05-06", "lift"),
    ):
        told(story, act, *names, on=day(on), at=moment(on))
    assert Event.objects.filter(on__gt=day("2026-11-02")).count() == 3
    stands = standing_of(story.case)
    assert (stands.last_act_on, stands.due_on) == (day("2026-11-02"), day(DUE))
    assert due(adam, on=day(BEFORE)) == []
    assert due(adam, on=day(DUE)) == [story.case]
    # And so does the database have it.
    assert ended(story).kind == DisposalStep.Kind.CONFIRMED
