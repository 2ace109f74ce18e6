"""What must fit before a notification is sent. Pure: the answers in, the refusals out.

Each refusal names the question and what to do; all are found at once. What is merely unusual is a
warning, and holds up nothing. Sources: section 16C; the published form's rules; promises on input.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from notifications.facts import CHILDREN, age_of, incident_days
from notifications.models import OLDEST
from notifications.pages import basis, child
from notifications.sections import Paper, Problem
from workflow.forms import NOT_KNOWN
from workflow.law.words import short_date

ADULT = 18
# A death may be found after it happened, and an incident dated by when it was found.
TOLERANCE = timedelta(days=1)


def refusals(paper: Paper, *, on: date) -> list[Problem]:
    """Everything that does not fit, on the day of sending. Empty answers are found elsewhere."""
    return [
        *_dates(paper, on=on),
        *_outcome(paper),
        *_residence(paper),
        *(problem for item in items(paper) for problem in _child(paper, item)),
    ]


def warnings(paper: Paper) -> list[Problem]:
    """What is unusual and should be looked at again."""
    return [*_other_area(paper), *_names_in_text(paper), *_looked_after(paper)]


def items(paper: Paper) -> list[str]:
    """The children, by number."""
    return paper.items(paper.document.section(CHILDREN))


def _at(paper: Paper, page: str, field: str, text: str, item: str = "") -> Problem:
    leaf = paper.leaf(page, item)
    prefix = f"{leaf.item_name}: " if item else ""
    return Problem(f"{prefix}{text}", leaf, field, leaf.section)


def _day(paper: Paper, page: str, field: str, item: str = "") -> date | None:
    value = paper.value(page, field, item)
    return value if isinstance(value, date) else None


def _dates(paper: Paper, *, on: date) -> Iterator[Problem]:
    aware, suspected = (
        _day(paper, "awareness", "aware_on"),
        _day(paper, "awareness", "suspected_on"),
    )
    began, _ended = incident_days(paper)
    if aware and aware > on:
        text = "The date the authority became aware must not be after the day of sending"
        yield _at(paper, "awareness", "aware_on", text)
    if suspected and suspected > on:
        text = "The date abuse was first suspected must not be after the day of sending"
        yield _at(paper, "awareness", "suspected_on", text)
    if aware and began and aware < began:
        text = (
            f"The authority can’t have become aware before the incident on {short_date(began)}. "
            "Change one of the two dates"
        )
        yield _at(paper, "awareness", "aware_on", text)


def _outcome(paper: Paper) -> Iterator[Problem]:
    happened = paper.value("basis", "happened")
    fates = [paper.value("part", "fate", item) for item in items(paper)]
    if not happened or not fates:
        return
    if happened == "died" and child.DIED not in fates:
        text = "You said that a child died. Say which child died, or change what happened"
        yield _at(paper, "part", "fate", text, items(paper)[0])
    if happened != "died" and child.DIED in fates:
        died = items(paper)[fates.index(child.DIED)]
        text = "You said that no child died. Change what happened to this child, or to the children"
        yield _at(paper, "part", "fate", text, died)


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
        yield _at(paper, "home", "residence", text, items(paper)[0])


def _child(paper: Paper, item: str) -> Iterator[Problem]:
    born, died = _day(paper, "birth", "born_on", item), _day(paper, "part", "died_on", item)
    began, ended = incident_days(paper)
    if born and died and died < born:
        text = "The date of death must not be before the date of birth"
        yield _at(paper, "part", "died_on", text, item)
    elif born and ended and born > ended and not died:
        text = (
            "The date of birth must not be after the incident. For a child not yet born then, "
            "select ‘Not yet born’"
        )
        yield _at(paper, "birth", "born_on", text, item)
    if died and began and died < began - TOLERANCE:
        text = f"The date of death must not be before the incident on {short_date(began)}"
        yield _at(paper, "part", "died_on", text, item)
    yield from _age(paper, item)


def _age(paper: Paper, item: str) -> Iterator[Problem]:
    age = age_of(paper, item)
    subject = paper.value("part", "fate", item) in (child.DIED, child.HARMED)
    if age is None or age < ADULT or not subject:
        return
    field = "born_on" if paper.value("birth", "basis", item) == child.BORN_ON else "age"
    if paper.value("status", "status") != basis.CARE_LEAVER:
        text = (
            f"This person was {age}. A child is anyone under 18. Change the date of birth or age, "
            "or, for a care leaver who died, say so under ‘Say why you are notifying’"
        )
        yield _at(paper, "birth", field, text, item)
    elif age > OLDEST:
        text = f"This person was {age}. Deaths of care leavers are notified up to the age of 24"
        yield _at(paper, "birth", field, text, item)
    elif paper.value("part", "fate", item) != child.DIED:
        text = f"This person was {age}. Of people over 17, only care leavers’ deaths are notified"
        yield _at(paper, "birth", field, text, item)


def _other_area(paper: Paper) -> Iterator[Problem]:
    if paper.value("basis", "place") == "elsewhere_in_england":
        text = (
            "The authority of the place where it happened notifies the Panel. Tell that authority, "
            "or ask it to take this over"
        )
        yield _at(paper, "basis", "place", text)


def _looked_after(paper: Paper) -> Iterator[Problem]:
    status = paper.value("status", "status") if paper.value("basis", "happened") == "died" else None
    now = [paper.value("social-care", "looked_after", item) for item in items(paper)]
    if status in (basis.HERE, basis.ELSEWHERE) and now and "now" not in now:
        text = "You said that a looked-after child died, but no child here is shown as looked after"
        yield _at(paper, "status", "status", text)


def _names_in_text(paper: Paper) -> Iterator[Problem]:
    """Says that a name occurs, never which: this is shown where names are not."""
    words = str(paper.value("description", "description") or "").casefold()
    for item in items(paper):
        names = [paper.value("name", name, item) for name in ("given", "family")]
        found = [str(name).casefold() for name in names if name and name is not NOT_KNOWN]
        if any(len(name) > 2 and name in words.split() for name in found):
            text = "The description names a child. Write ‘Child A’ instead"
            yield _at(paper, "description", "description", text)
            return
