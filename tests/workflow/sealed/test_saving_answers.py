"""What is typed is kept as typed, and never over somebody else's."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.workflow.people import cast
from tests.workflow.people.cast import MORNING, SPRING, a_person
from workflow.models import Answers, Case, NotificationProcess
from workflow.sealed import answers
from workflow.sealed.answers import Conflict


def a_case() -> Case:
    """A case at its first draft."""
    case = cast.a_case()
    NotificationProcess.objects.create(case=case, authority=case.authority, entered_on=SPRING)
    return case


def save(case: Case, typed: dict[str, list[str]], *, seen: int = 0, **more: Any) -> Answers:
    asked = {"by": None, "at": MORNING, "typed": typed, "seen_version": seen, **more}
    return answers.save(case, "notification", "incident", **asked)


@pytest.mark.django_db
def test_the_first_save_is_version_one_and_reads_back_as_typed() -> None:
    case, ada = a_case(), a_person("Ada")
    typed = {"what": [" two\r\nlines "], "kinds": ["b", "a"]}
    save(case, typed, by=ada, complete=True)
    row = answers.read(case, "notification")["incident", ""]
    assert (row.answers, row.version, row.complete) == (typed, 1, True)
    assert (row.edited_by, row.edited_at, row.authority) == (ada, MORNING, case.authority)


@pytest.mark.django_db
def test_a_later_save_is_the_next_version() -> None:
    case = a_case()
    save(case, {"what": ["first"]})
    again = save(case, {"what": ["second"]}, seen=1, at=MORNING + timedelta(hours=1))
    assert (again.version, again.answers["what"]) == (2, ["second"])


@pytest.mark.django_db
def test_a_save_over_a_version_not_seen_is_a_conflict_that_carries_theirs() -> None:
    case, ada, ben = a_case(), a_person("Ada"), a_person("Ben")
    save(case, {"what": ["first"]}, by=ada)
    save(case, {"what": ["Ben's"]}, seen=1, by=ben)
    with pytest.raises(Conflict) as conflict:
        save(case, {"what": ["Ada's"]}, seen=1, by=ada)
    theirs = conflict.value.theirs
    assert (theirs.answers, theirs.version, theirs.edited_by) == ({"what": ["Ben's"]}, 2, ben)
    assert answers.read(case, "notification")["incident", ""].answers == {"what": ["Ben's"]}


@pytest.mark.django_db
def test_a_conflict_does_not_print_what_was_typed() -> None:
    case = a_case()
    save(case, {"what": ["Ben's words"]})
    with pytest.raises(Conflict) as conflict:
        save(case, {"what": ["Ada's words"]})
    assert "words" not in str(conflict.value) + repr(conflict.value)


@pytest.mark.django_db
def test_a_double_click_is_no_conflict() -> None:
    case = a_case()
    save(case, {"what": ["same"]})
    assert save(case, {"what": ["same"]}).version == 1


@pytest.mark.django_db
def test_sections_documents_and_cases_are_kept_apart() -> None:
    case, other = a_case(), a_case()
    save(case, {"what": ["mine"]})
    save(other, {"what": ["other"]})
    answers.save(
        case,
        "rapid-review-1",
        "incident",
        typed={"what": ["later"]},
        seen_version=0,
        by=None,
        at=MORNING,
    )
    assert [row.answers["what"] for row in answers.read(case, "notification").values()] == [
        ["mine"]
    ]


@pytest.mark.django_db
def test_a_whole_document_is_read_in_one_query() -> None:
    case = Case.objects.get(pk=a_case().pk)
    for number in range(4):
        add(case, f"Child {number}")
    with CaptureQueriesContext(connection) as asked:
        read = [row.answers["name"] for row in answers.read(case, "notification").values()]
    assert read == [["Child 0"], ["Child 1"], ["Child 2"], ["Child 3"]]
    assert len(asked) == 1


def add(case: Case, name: str) -> Answers:
    typed = {"name": [name]}
    return answers.add_item(case, "notification", "children", typed=typed, by=None, at=MORNING)


def names(case: Case) -> list[str]:
    rows = answers.read(case, "notification").values()
    return [row.answers["name"][0] for row in rows if row.section == "children"]


@pytest.mark.django_db
def test_any_number_of_children_keep_their_order() -> None:
    case = a_case()
    for number in range(11):
        add(case, f"Child {number}")
    assert names(case) == [f"Child {number}" for number in range(11)]


@pytest.mark.django_db
def test_a_removed_child_leaves_the_list_and_stays_as_a_row() -> None:
    case, ada = a_case(), a_person("Ada")
    add(case, "Child A")
    gone = add(case, "Child B")
    answers.remove_item(
        case, "notification", "children", gone.item, seen_version=1, by=ada, at=MORNING
    )
    assert names(case) == ["Child A"]
    row = Answers.objects.get(pk=gone.pk)
    assert (row.answers, row.removed_at, row.edited_by) == ({"name": ["Child B"]}, MORNING, ada)


@pytest.mark.django_db
def test_the_number_of_a_removed_child_is_not_given_again() -> None:
    case = a_case()
    gone = add(case, "Child A")
    answers.remove_item(
        case, "notification", "children", gone.item, seen_version=1, by=None, at=MORNING
    )
    assert add(case, "Child B").item == "2"


@pytest.mark.django_db
def test_saving_a_child_that_somebody_removed_is_a_conflict() -> None:
    case = a_case()
    gone = add(case, "Child A")
    answers.remove_item(
        case, "notification", "children", gone.item, seen_version=1, by=None, at=MORNING
    )
    with pytest.raises(Conflict) as conflict:
        answers.save(
            case,
            "notification",
            "children",
            gone.item,
            typed={"name": ["Child A, again"]},
            seen_version=1,
            by=None,
            at=MORNING,
        )
    assert conflict.value.theirs.removed_at == MORNING


@pytest.mark.django_db
def test_removing_a_child_that_somebody_changed_is_a_conflict() -> None:
    case = a_case()
    child = add(case, "Child A")
    answers.save(
        case,
        "notification",
        "children",
        child.item,
        typed={"name": ["Child Z"]},
        seen_version=1,
        by=None,
        at=MORNING,
    )
    with pytest.raises(Conflict):
        answers.remove_item(
            case, "notification", "children", child.item, seen_version=1, by=None, at=MORNING
        )


def race(*acts: Any) -> list[Any]:
    """What came of acts done at the same moment, each over a connection of its own."""
    barrier, came = Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Any) -> None:
        barrier.wait()
        try:
            came[number] = act()
        except Conflict as conflict:
            came[number] = conflict  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


@pytest.mark.parametrize("seen", [0, 1])
def test_of_two_who_save_at_once_one_wins_and_the_other_is_told(
    committing_db: str, seen: int
) -> None:
    case = a_case()
    if seen:
        save(case, {"what": ["before"]})
    came = race(
        *[
            lambda word=word: save(case, {"what": [word]}, seen=seen)
            for word in ("a", "b", "c", "d")
        ]
    )
    won = [row for row in came if isinstance(row, Answers)]
    lost = [conflict for conflict in came if isinstance(conflict, Conflict)]
    assert (len(won), len(lost)) == (1, 3)
    assert all(conflict.theirs.answers == won[0].answers for conflict in lost)


def test_two_children_added_at_once_get_a_number_each(committing_db: str) -> None:
    case = a_case()
    race(*[lambda name=name: add(case, name) for name in ("A", "B", "C", "D")])
    assert sorted(names(case)) == ["A", "B", "C", "D"]
