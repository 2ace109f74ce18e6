"""Whether indexes of children have keys, and new ones since a record ended: for who runs it."""

from datetime import datetime
from typing import Any

from notifications.index import ends
from workflow.health.lookout import Chore
from workflow.health.signs import Sign
from workflow.health.words import Said
from workflow.sealed import blind
from workflow.sealed.blind import State

NAME, TITLE = "indexes", "Indexes of children"
# A web process sees to it within minutes; to write large ones anew takes a while.
SECONDS_TO_STUCK = 3600
CHORE = Chore(
    ("index_children", "--renew"),
    lambda sign: bool(sign.figures.get("behind")),
    "a record ended: the indexes of children are given new keys",
    # Large ones are written anew at once or not at all.
    longest_seconds=SECONDS_TO_STUCK,
)


def sign(at: datetime) -> Sign:
    """Well when each key can be read, and none is for long of when an ended record still stood.

    And when no case is missing from before an index began, or from while it could not be written.
    """
    ended = ends().count()
    states = [(blind.state_of(key, ended), key.after) for key in blind.in_use()]
    behind = [after for state, after in states if state == State.OLDER]
    # Since the first end that a key does not know of, however many have followed that one.
    since = ends().values_list("at", flat=True)[min(behind)] if behind else at
    seconds = max(0, int((at - since).total_seconds()))
    lost = sum(state in {State.DESTROYED, State.UNREADABLE} for state, _ in states)
    whole = blind.is_whole()
    figures = {"behind": len(behind), "seconds": seconds, "lost": lost, "whole": whole}
    return Sign(NAME, seconds <= SECONDS_TO_STUCK and not lost and whole, figures)


def said(figures: dict[str, Any], at: datetime) -> Said:
    """The sign in words."""
    behind, lost = figures["behind"], figures["lost"]
    if lost:
        return Said(
            TITLE,
            f"Keys that can’t be read: {lost}.",
            f"The keys of some indexes can’t be read: {lost}. Nobody is found by these, and what "
            "is saved meanwhile is not found later either.",
            "Put back what is missing of the key store, then run manage.py index_children. With "
            "--lost it gives up a key of which there is no copy.",
        )
    if not figures["whole"]:
        return Said(
            TITLE,
            "Cases may be missing.",
            "Cases from before an index began, or from while it could not be written, are not "
            "found by their children, so the same child may be overlooked.",
            "Run manage.py index_children, and see what it says. It is done once it ends with 0.",
        )
    state = f"New keys are due for {behind}." if behind else "Each has the key it should have."
    return Said(
        TITLE,
        state,
        "A record ended over an hour ago, and the indexes of children have no new keys since: an "
        "older backup still tells of its children.",
        "Run manage.py index_children --renew, and see what it says.",
    )
