"""The task list: each section with where it stands, and what it waits for."""

from dataclasses import dataclass

from notifications.sections.desk import Desk
from notifications.sections.document import Section
from notifications.sections.paper import Paper
from notifications.sections.words import edited
from workflow.models import Answers

NOT_STARTED = "Not yet started"
IN_PROGRESS = "In progress"
COMPLETED = "Completed"
WAITS = "Cannot start yet"


@dataclass(frozen=True)
class Task:
    """A line of the task list, as the component `task_list` draws it."""

    title: str
    href: str | None
    status: str
    hint: str
    missing_href: str
    missing_text: str
    group: str


def status_of(paper: Paper, section: Section) -> str:
    """Where a section stands, from what was saved on its pages."""
    if section.waits(paper):
        return WAITS
    rows = rows_of(paper, section)
    if not rows:
        return NOT_STARTED
    items = paper.items(section) if section.items else [""]
    if section.items and len(items) < section.items.least:
        return IN_PROGRESS
    leaves = [leaf for item in items for leaf in paper.leaves(section, item)]
    done = all((row := paper.row(leaf)) is not None and row.complete for leaf in leaves)
    return COMPLETED if done else IN_PROGRESS


def rows_of(paper: Paper, section: Section) -> list[Answers]:
    """What was saved in a section, of items still listed."""
    kept = {section.stored_as(page) for page in section.pages}
    items = paper.items(section) if section.items else [""]
    return [row for (name, item), row in paper.rows.items() if name in kept and item in items]


def tasks_of(paper: Paper, desk: Desk) -> list[Task]:
    """Every section that is asked, as a task. Fetch `edited_by` of the rows first, in one query."""
    asked = (one for one in paper.document.sections if one.items or paper.leaves(one))
    return [_task(paper, section, desk) for section in asked]


def _task(paper: Paper, section: Section, desk: Desk) -> Task:
    missing = section.waits(paper)
    rows = rows_of(paper, section)
    last = max(rows, key=lambda row: row.edited_at, default=None)
    hint = f"{missing[0]}. " if missing else edited(last, on=paper.on)
    wanted = paper.document.section(missing[1]) if missing else None
    return Task(
        title=section.title,
        href=None if missing else desk.section_href(paper, section),
        status=status_of(paper, section),
        hint=hint,
        missing_href=desk.section_href(paper, wanted) if wanted else "",
        missing_text=wanted.title if wanted else "",
        group=section.group,
    )
