"""What a document asks, as values: sections with a verb, pages of related questions, lists."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from notifications.sections.forms import PageForm
from workflow.people.person import Person

if TYPE_CHECKING:
    from notifications.sections.paper import Paper

Applies = Callable[["Paper", str], bool]
Readers = Callable[["Paper"], str]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def always(paper: "Paper", item: str) -> bool:
    """A page that every case has."""
    return True


def read_by(words: str) -> Readers:
    """The same readers whatever is answered."""
    return lambda _paper: words


def _nothing(_person: Person, _paper: "Paper") -> dict[str, list[str]]:
    return {}


@dataclass(frozen=True)
class Page:
    """A page: a slug for its address, its heading, its form, and when it is asked at all.

    `readers` says who will read a text, as the answers stand, and what does not belong in it.
    `amendable` pages may be corrected after sending; the others change by an act of their own. On
    `addable` ones among those, what was not known at sending is added afterwards.
    `identifying` pages hold names, addresses or identifiers. `prefill` is what is known of whoever
    opens it first.
    """

    slug: str
    title: str
    form: type[PageForm]
    applies: Applies = always
    readers: Readers = field(default=read_by(""))
    amendable: bool = True
    addable: bool = False
    identifying: bool = False
    prefill: Callable[[Person, "Paper"], dict[str, list[str]]] = _nothing


@dataclass(frozen=True)
class Items:
    """What a section lists: "child", "children"; `least` is how many it needs to be complete."""

    one: str
    many: str
    least: int = 0
    hint: str = ""

    def name(self, item: str) -> str:
        """What an item is called before and instead of a name: "Child A". It never changes."""
        if not item.isdigit() or item == "0":
            return f"New {self.one}"
        number = int(item)
        letter = LETTERS[number - 1] if 0 < number <= len(LETTERS) else str(number)
        return f"{self.one.capitalize()} {letter}"


@dataclass(frozen=True)
class Section:
    """A task: pages answered once, or, with `items`, once for each child or adult added.

    `waits` says what must be done first, as (what is missing, slug of the section), else None.
    """

    slug: str
    title: str
    pages: tuple[Page, ...]
    group: str = ""
    items: Items | None = None
    waits: Callable[["Paper"], tuple[str, str] | None] = field(default=lambda _paper: None)

    def stored_as(self, page: Page) -> str:
        """Under which section name a page's answers are kept."""
        if self.items is None:
            return page.slug
        return self.slug if page is self.pages[0] else f"{self.slug}.{page.slug}"


@dataclass(frozen=True)
class Document:
    """The sections in the order in which they are shown. Page slugs are unique within it."""

    title: str
    sections: tuple[Section, ...]

    def section(self, slug: str) -> Section:
        """The section of that slug; KeyError when there is none."""
        for section in self.sections:
            if section.slug == slug:
                return section
        raise KeyError(slug)

    def section_of(self, page_slug: str) -> tuple[Section, Page]:
        """The page of that slug and its section; KeyError when there is none."""
        for section in self.sections:
            for page in section.pages:
                if page.slug == page_slug:
                    return section, page
        raise KeyError(page_slug)

    @property
    def groups(self) -> list[str]:
        """The headings of the task list."""
        return list(dict.fromkeys(section.group for section in self.sections))
