"""Documents filled in page by page: what is typed is kept at once, sealed, by whoever typed it.

A document is a value (`Document` of `Section`s of `Page`s). `Paper` is one filled in as far as it
is. `Desk` gives it addresses: the task list's pages, lists of children, the compare page.
"""

from notifications.sections.desk import Desk, Saved
from notifications.sections.document import Document, Items, Page, Section, always
from notifications.sections.forms import ListCheckboxes, ListRadios, ListSelect, PageForm
from notifications.sections.lists import Lists
from notifications.sections.paper import Leaf, Paper, Problem
from notifications.sections.routing import addresses
from notifications.sections.tasks import Task, tasks_of

__all__ = [
    "Desk",
    "Document",
    "Items",
    "Leaf",
    "ListCheckboxes",
    "ListRadios",
    "ListSelect",
    "Lists",
    "Page",
    "PageForm",
    "Paper",
    "Problem",
    "Saved",
    "Section",
    "Task",
    "addresses",
    "always",
    "tasks_of",
]
