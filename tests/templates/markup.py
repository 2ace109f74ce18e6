"""A page's elements, read by the standard library's parser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})
# Where a word may be broken it stays one word.
BREAK = "\N{ZERO WIDTH SPACE}"


@dataclass
class Element:
    """An element with its attributes, its own text and that of what it holds."""

    tag: str
    attrs: dict[str, str]
    inside: list["Element"] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text within, with single spaces."""
        return " ".join(" ".join(self.words).replace(f" {BREAK} ", "").split())

    @property
    def classes(self) -> set[str]:
        """The element's classes."""
        return set(self.attrs.get("class", "").split())


class Markup(HTMLParser):
    """The elements of some HTML, in order; fails on an element that is not closed in its place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self.open, f"not closed: {[element.tag for element in self.open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        assert len(attrs) == len(element.attrs), f"an attribute twice in {tag}: {attrs}"
        self.elements.append(element)
        for holder in self.open:
            holder.inside.append(element)
        if tag == "wbr":
            self.handle_data(BREAK)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"closed but never opened: {tag}"
        element = self.open.pop()
        assert element.tag == tag, f"{element.tag} is closed by {tag}"

    def handle_data(self, data: str) -> None:
        for holder in self.open:
            holder.words.append(data)

    def all(self, tag: str = "", **attrs: str) -> list[Element]:
        """Elements of that tag whose attributes have these values (`for_` stands for `for`)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [
            element
            for element in self.elements
            if (not tag or element.tag == tag)
            and all(element.attrs.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str = "", **attrs: str) -> Element:
        """The only such element."""
        (element,) = self.all(tag, **attrs)
        return element

    def of_class(self, name: str) -> list[Element]:
        """Elements with that class."""
        return [element for element in self.elements if name in element.classes]
