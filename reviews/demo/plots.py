"""The plots: what happened, invented, when it became known, and how far the case has come.

`aware` counts working days before today, or names a fixed day; `sends` and `reviews` count working
days from the clock's start. The steps are those of `telling`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DRAFT, SENT = "draft", "sent"


@dataclass(frozen=True)
class Plot:
    """One case. `sends` is on which working day after awareness it is sent, None for not yet."""

    aware: int | str
    sends: int | None = None
    happened: str = "seriously_harmed"
    abuse: str = "suspected"
    status: str = "neither"
    age: int = 7
    children: int = 1
    steps: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    late: str = "medical_opinion"
    unidentified: bool = False
    place: str = "in_area"
    unborn: bool = False


def _harm(aware: int | str, sends: int | None, *steps: str, **more: Any) -> Plot:
    return Plot(aware, sends, steps=steps, **more)


def _death(aware: int | str, sends: int | None, *steps: str, **more: Any) -> Plot:
    return Plot(aware, sends, happened="died", abuse="known", steps=steps, **more)


NOT_SENT = (
    _harm(0, None),
    _harm(1, None, children=2, unidentified=True),
    _harm(3, None),
    _death(4, None),
    _harm(5, None, age=15),
    _harm(7, None),
    _harm(2, None, "refer"),
    _harm(3, None, "consider_threshold"),
    _harm(2, None, "ask_for_approval"),
    _harm(20, None, "decide_not_to_notify", abuse="suspected"),
    _harm(60, None, "decide_not_to_notify", "reopen"),
)
WITH_THE_PANEL = (
    _harm(1, 0),
    _death(2, 1, age=0),
    _harm(3, 2, age=16),
    _harm(9, 6, late="identity_unknown"),
    _death(8, 4, "acknowledge"),
    _harm(6, 3, "acknowledge"),
    _harm(10, 4, "request_information"),
    _harm(12, 5, "request_information", "reply"),
    _harm(14, 5, "acknowledge", "link_to_rapid_review"),
    _harm(30, 4, "propose_criteria", "confirm_criteria"),
    _harm(25, 3, "propose_criteria", "decline"),
    _harm(11, 4, "propose_criteria"),
    _harm(40, 5, "propose_withdrawal", "withdraw"),
    _harm(45, 5, "propose_criteria", "confirm_criteria", "reopen"),
    _harm(24, 4, "harm_became_death"),
)
ELSEWHERE = (
    Plot(5, 2, happened="died", abuse="neither", status="here", age=14, steps=()),
    Plot(40, 3, "died", "neither", "here", 15, steps=("acknowledge_dfe", "close")),
    Plot(70, 7, "died", "neither", "here", 16, steps=("acknowledge_dfe", "close")),
    Plot(33, 4, "died", "neither", "here", 12, steps=("close", "abuse_now_suspected")),
    Plot(21, 3, "died", "neither", "care_leaver", 20, steps=("close",)),
    Plot(90, 11, "died", "neither", "care_leaver", 23, steps=("close",)),
    Plot(4, None, "died", "neither", "care_leaver", 19),
    Plot(28, 5, "died", "suspected", "here", 11, steps=("acknowledge",)),
)
IN_REVIEW = (
    _harm(12, 4, "ask_for_returns"),
    _harm(14, 5, "ask_for_returns", "hold_meeting"),
    _harm(17, 4, "ask_for_returns", "hold_meeting", "draft_report"),
    _death(18, 4, "ask_for_returns", "hold_meeting", "seek_signatures", "sign"),
    _harm(19, 4, "seek_signatures", "sign", "dissent"),
    _harm(16, 4, "seek_signatures", "sign_all"),
    # Their system replaced what all three had signed.
    _harm(15, 4, "put", "sign_all", "put_anew"),
    _harm(24, 3),
    _death(22, 5, "review:14:no"),
    _harm(23, 5, "review:12:no", "triage"),
    _harm(26, 5, "review:13:no", "triage", "defer"),
    _harm(30, 8, "review:18:no", "triage", "consider", late="criteria_later"),
    _harm(31, 4, "review:15:undecided"),
    _harm(33, 4, "review:14:undecided", "put_off"),
    _harm(35, 5, "review:15:no", "return"),
    _harm(42, 5, "review:13:no", "return", "review:24:no"),
)
DECIDED = (
    _harm(50, 4, "review:15:no", "answer:agree_no_lcspr", "confirm:no"),
    _harm(55, 5, "review:14:no", "answer:agree_no_lcspr"),
    _death(60, 3, "sign", "review:15:yes", "answer:agree_lcspr"),
    _death(75, 5, "review:15:yes", "answer:agree_lcspr", "lcspr:2"),
    _harm(80, 9, "review:17:no", "answer:advise_lcspr", "confirm:yes", late="administrative"),
    _harm(85, 5, "review:15:no", "answer:reconsider"),
    _harm(95, 4, "review:16:undecided", "answer:more_information", "confirm:no"),
    _death(100, 5, "review:15:no", "national"),
    _death(130, 4, "review:15:no", "national", "national:2"),
    _death(150, 5, "review:15:yes", "answer:agree_lcspr", "lcspr:5"),
    _death(190, 5, "review:15:yes", "answer:agree_lcspr", "lcspr:6", "plan"),
    _death(160, 5, "review:14:yes", "answer:agree_lcspr", "lcspr:4"),
    _death(200, 4, "review:15:yes", "answer:agree_lcspr", "lcspr:7"),
    _death(210, 5, "review:15:yes", "answer:agree_lcspr", "lcspr:7", "delay"),
    _death(240, 6, "review:15:yes", "answer:agree_lcspr", "lcspr:7", "advance", "publish"),
    _death(
        260, 4, "review:15:yes", "answer:agree_lcspr", "lcspr:7", "advance", "publish", "monitor"
    ),
    _death(
        270, 5, "review:15:yes", "answer:agree_lcspr", "lcspr:7", "advance", "publish", "monitor",
        "close_review",
    ),
    _death(250, 5, "review:15:yes", "answer:agree_lcspr", "lcspr:7", "improvements"),
    _harm(170, 5, "review:15:yes", "answer:agree_lcspr", "discontinue"),
)  # fmt: skip
# Awareness just before Christmas: bank holidays lie inside each of these clocks.
CHRISTMAS = (
    _death("12-18", 5, "review:15:no", "answer:agree_no_lcspr", age=1),
    _harm("12-19", 6, "review:15:yes", "answer:agree_lcspr", late="system_unavailable"),
    _harm("12-23", 5, "review:19:no", "answer:agree_no_lcspr", age=13),
    _harm("12-24", 4, "review:15:no", "answer:agree_no_lcspr", children=3),
)
_ONE_CHILD = {
    "name.given:1": "Quillan",
    "name.family:1": "Inventedname",
    "school.nhs_number:1": "999 000 0026",
}
# What happens seldom: each act of the machines is played at least once.
SELDOM = (
    _harm(7, 4, "refer", "start_draft"),
    _harm(9, 4, "consider_threshold", "decide_to_notify"),
    _harm(6, 4, "ask_for_approval", "return_to_draft"),
    _harm(8, 5, "hand_over"),
    _harm(65, 4, "review:15:no", "harm_became_death", "send_again"),
    _harm(70, 5, "review:15:undecided", "answer:agree_no_lcspr", "confirm:no"),
    _harm(7, 1, "telephone", "acknowledge"),
    _harm(20, 4, "acknowledge", "agree_later"),
    # One death, owed by the authority that looked after the child and by that of the place.
    _death(11, 3, "acknowledge", status="here", age=13, answers=_ONE_CHILD),
    _death(
        11, 4, "acknowledge", "link", status="elsewhere", age=13,
        answers={**_ONE_CHILD, "name.given:1": "Quilan"},
    ),
    _harm(13, 4, "acknowledge", "restrict"),
)  # fmt: skip
# What decides the route and is not above: section 16C(1)(b), no duty but a choice, not yet born.
ROUTES = (
    _harm(9, 3, "acknowledge", place="outside_england", answers={"country.country": "wales"}),
    _death(5, None, age=16, place="outside_england", answers={"country.country": "other"}),
    Plot(13, 4, "ongoing_risk", age=12, steps=("acknowledge",)),
    _harm(10, 4, "acknowledge", age=0, unborn=True),
)
PLOTS = (
    *NOT_SENT, *WITH_THE_PANEL, *ELSEWHERE, *IN_REVIEW, *DECIDED, *CHRISTMAS, *SELDOM, *ROUTES,
)  # fmt: skip
