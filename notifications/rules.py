"""What must fit before a notification is sent. Pure: the answers in, the refusals out.

Each refusal names the question and what to do; all are found at once. What is merely unusual is a
warning, and holds up nothing. Sources: section 16C; the published form's rules; promises on input.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from notifications.dating import (
    day_of,
    problem_at,
    wrong_awareness,
    wrong_beginning,
    wrong_dates,
    wrong_telling,
)
from notifications.facts import CHILDREN, age_of, incident_days
from notifications.models import OLDEST
from notifications.pages import basis, care, child
from notifications.sections import Leaf, Paper, Problem
from workflow.forms import NOT_KNOWN
from workflow.law.words import short_date

ADULT = 18
# A death may be found after it happened, and an incident dated by when it was found.
TOLERANCE = timedelta(days=1)
# How a death is said where none was: in a draft, and of what was sent.
BEFORE_SENDING = "Change what happened to this child, or to the children"
SINCE_SENDING = "If this child has died since, use “Say that something has changed”"


def refusals(paper: Paper, *, on: date) -> list[Problem]:
    """Everything that does not fit, on the day of sending. Empty answers are found elsewhere."""
    return [
        *wrong_dates(paper, on=on),
        *wrong_telling(paper),
        *_somebody_died(paper),
        *_nobody_died(paper),
        *_residence(paper),
        *(problem for item in items(paper) for problem in _child(paper, item)),
    ]


def refusals_here(paper: Paper, leaf: Leaf, *, on: date) -> list[Problem]:
    """What a page is refused for at once: what doesn't fit whatever is answered after it.

    Rules that wait for another child or page to be filled in are left to the check.
    """
    found = [
        *wrong_dates(paper, on=on),
        *wrong_beginning(paper),
        *wrong_telling(paper),
        *wrong_awareness(paper),
        *_nobody_died(paper),
        *(problem for item in items(paper) for problem in _child(paper, item)),
    ]
    return [problem for problem in found if problem.leaf and problem.leaf.key == leaf.key]


def refusals_of_sent(paper: Paper, *, on: date) -> list[Problem]:
    """What does not fit in a notification sent on a day, each on every page that can mend it.

    Whether it had to be sent at all is not asked again: a true age or residence is recorded, and
    whoever finds that the criteria are not met proposes that. Nor when the partners were told: no
    page puts that right once it met their clock, and a true awareness is never held up by it.
    """
    return [
        *wrong_dates(paper, on=on),
        *wrong_beginning(paper),
        *_somebody_died(paper),
        *_nobody_died(paper, remedy=SINCE_SENDING),
        *(problem for item in items(paper) for problem in _child_dates(paper, item)),
    ]


def warnings(paper: Paper) -> list[Problem]:
    """What is unusual, or says two things at once, and should be looked at again."""
    return [
        *_other_area(paper),
        *_a_death_not_said(paper),
        *_names_in_text(paper),
        *_status_of_children(paper),
        *_age_selected(paper),
        *_at_odds(paper),
        *(problem for item in items(paper) for problem in _social_care(paper, item)),
    ]


def items(paper: Paper) -> list[str]:
    """The children, by number."""
    return paper.items(paper.document.section(CHILDREN))


def _somebody_died(paper: Paper) -> Iterator[Problem]:
    fates = _fates(paper)
    if paper.value("basis", "happened") == "died" and fates and child.DIED not in fates:
        text = "You said that a child died. Say which child died, or change what happened"
        yield problem_at(paper, "part", "fate", text, items(paper)[0])


def _nobody_died(paper: Paper, *, remedy: str = BEFORE_SENDING) -> Iterator[Problem]:
    fates = _fates(paper)
    if paper.value("basis", "happened") not in (None, NOT_KNOWN, "died") and child.DIED in fates:
        died = items(paper)[fates.index(child.DIED)]
        yield problem_at(paper, "part", "fate", f"You said that no child died. {remedy}", died)


def _a_death_not_said(paper: Paper) -> Iterator[Problem]:
    fates = _fates(paper)
    if paper.value("basis", "happened") is NOT_KNOWN and child.DIED in fates:
        text = (
            "“Death or serious harm” is answered “Not known yet”, but a child here has died. "
            "Change what happened"
        )
        yield problem_at(paper, "basis", "happened", text)


def _fates(paper: Paper) -> list[Any]:
    return [paper.value("part", "fate", item) for item in items(paper)]


def _residence(paper: Paper) -> Iterator[Problem]:
    if paper.value("basis", "place") != "outside_england":
        return
    lived = [paper.value("home", "residence", item) for item in items(paper)]
    # Section 16C(1)(b): outside England, the authority where the child normally lives notifies.
    if lived and all(value in ("elsewhere", "outside_england") for value in lived):
        text = (
            "Outside England, the authority where the child normally lives notifies. Change where "
            "the child normally lived, or where it happened"
        )
        yield problem_at(paper, "home", "residence", text, items(paper)[0])


def _child(paper: Paper, item: str) -> Iterator[Problem]:
    yield from _child_dates(paper, item)
    yield from _age(paper, item)


def _child_dates(paper: Paper, item: str) -> Iterator[Problem]:
    born, died = day_of(paper, "birth", "born_on", item), day_of(paper, "part", "died_on", item)
    began, ended = incident_days(paper)
    if born and died and died < born:
        text = "The date of death must not be before the date of birth"
        yield problem_at(paper, "part", "died_on", text, item)
    elif born and ended and born > ended and not died:
        text = (
            "The date of birth must not be after the incident. For a child not yet born then, "
            "select “Not yet born”"
        )
        yield problem_at(paper, "birth", "born_on", text, item)
    if died and began and died < began - TOLERANCE:
        text = f"The date of death must not be before the incident on {short_date(began)}"
        yield problem_at(paper, "part", "died_on", text, item)


def _age(paper: Paper, item: str) -> Iterator[Problem]:
    age = age_of(paper, item)
    subject = paper.value("part", "fate", item) in child.CONCERNED
    if age is None or age < ADULT or not subject:
        return
    field = "born_on" if paper.value("birth", "basis", item) == child.BORN_ON else "age"
    if paper.value("status", "status") != basis.CARE_LEAVER:
        text = (
            f"This person was {age}. A child is anyone under 18. Change the date of birth or age, "
            "or, for a care leaver who died, say so under “Say why you are notifying”"
        )
        yield problem_at(paper, "birth", field, text, item)
    elif age > OLDEST:
        text = f"This person was {age}. Deaths of care leavers are notified up to the age of 24"
        yield problem_at(paper, "birth", field, text, item)
    elif paper.value("part", "fate", item) != child.DIED:
        text = f"This person was {age}. Of people over 17, only care leavers’ deaths are notified"
        yield problem_at(paper, "birth", field, text, item)


def _other_area(paper: Paper) -> Iterator[Problem]:
    if paper.value("basis", "place") == "elsewhere_in_england":
        text = (
            "The authority of the place where it happened notifies the Panel. Tell that authority, "
            "or ask it to take this over"
        )
        yield problem_at(paper, "basis", "place", text)


def _status_of_children(paper: Paper) -> Iterator[Problem]:
    """What was said of the child who died, and of the children one by one."""
    status = paper.value("status", "status") if paper.value("basis", "happened") == "died" else None
    now = [paper.value("social-care", "looked_after", item) for item in items(paper)]
    left = [paper.value("social-care", "care_leaver", item) for item in items(paper)]
    if status in (basis.HERE, basis.ELSEWHERE) and now and not {*care.AT_THE_TIME} & {*now}:
        text = "You said that a looked-after child died, but no child here is shown as looked after"
        yield problem_at(paper, "status", "status", text)
    if status == basis.CARE_LEAVER and left and set(left) == {False}:
        text = "You said that a care leaver died, but nobody here is shown as a care leaver"
        yield problem_at(paper, "status", "status", text)


def _age_selected(paper: Paper) -> Iterator[Problem]:
    """The age selected first is the age of one of the children who died or were harmed."""
    selected = paper.value("basis", "age")
    concerned = [
        item for item in items(paper) if paper.value("part", "fate", item) in child.CONCERNED
    ]
    ages = [age_of(paper, item) for item in concerned]
    if selected in (None, NOT_KNOWN) or not ages or None in ages:
        return
    if not any(basis.age_group(age) == selected for age in ages if age is not None):
        words = {choice.value: choice.text for choice in basis.AGES}[selected]
        text = (
            f"You selected “{words}” under “Death or serious harm”, but no child who died or was "
            "harmed is that age by the date of birth or age given. Change one of the two"
        )
        yield problem_at(paper, "basis", "age", text)


def _at_odds(paper: Paper) -> Iterator[Problem]:
    """An answer to a question that another answer of its page leaves without an object."""
    for leaf in paper.all_leaves():
        for row, other in paper.form(leaf).at_odds():
            text = (
                f"“{row.label}” is answered, but “{other.label}” is answered “{other.text}”. "
                "Change one of the two"
            )
            yield problem_at(paper, leaf.page.slug, row.name, text, leaf.item)


def _social_care(paper: Paper, item: str) -> Iterator[Problem]:
    told = {
        name: paper.value("social-care", name, item)
        for name in ("known", "in_need", "protection", "looked_after", "care_leaver")
    }
    known_by = [told[name] for name in ("in_need", "protection", "looked_after")]
    if told["known"] == care.NEVER and {*care.EVER} & {*known_by}:
        text = (
            "“Known to social care” is answered “Never”, but a plan or being looked after is not. "
            "Change one of the two"
        )
        yield problem_at(paper, "social-care", "known", text, item)
    if told["looked_after"] in care.AT_THE_TIME and told["care_leaver"] is True:
        text = "A care leaver is no longer looked after. Change “Looked after” or “Care leaver”"
        yield problem_at(paper, "social-care", "care_leaver", text, item)
    placed = paper.value("care", "placement", item) or paper.value("care", "legal", item)
    if placed and told["looked_after"] not in (None, *care.AT_THE_TIME):
        text = (
            "A placement or legal status is given, but the child is not shown as looked after at "
            "the time. Change “Looked after”, or the placement is left out"
        )
        yield problem_at(paper, "social-care", "looked_after", text, item)


def _names_in_text(paper: Paper) -> Iterator[Problem]:
    """Says that a name occurs, never which: this is shown where names are not."""
    words = str(paper.value("description", "description") or "").casefold()
    for item in items(paper):
        names = [paper.value("name", name, item) for name in ("given", "family")]
        found = [str(name).casefold() for name in names if name and name is not NOT_KNOWN]
        if any(len(name) > 2 and name in words.split() for name in found):
            text = "The description names a child. Write “Child A” instead"
            yield problem_at(paper, "description", "description", text)
            return
