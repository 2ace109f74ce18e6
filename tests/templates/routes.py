"""Every address of the service, read from its own routing: a new route joins by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from workflow.law import duties
from workflow.machine.move import acts_of
from workflow.queues.mandates import MACHINES

Parts = dict[str, Any]

# What stands for a part of an address that is neither a case nor a page of a form.
VALUES: dict[str, list[Any]] = {
    "act": sorted({name.replace("_", "-") for one in MACHINES for name in acts_of(one)}),
    "cycle": [1],
    "duty": [duties.NOTIFY_THE_PANEL.slug, duties.LOCAL_REVIEW.slug],
    "item": ["1", "new"],
    "field": ["description", "text"],
}


@dataclass(frozen=True)
class Route:
    """A routed address: its full name, the names of its parts, and the pages it may show."""

    name: str
    parts: tuple[str, ...]
    pages: tuple[tuple[str, str], ...]

    @property
    def of_a_case(self) -> bool:
        """Whether the address is one of a case's."""
        return "token" in self.parts

    @property
    def of_many_pages(self) -> bool:
        """Whether many pages of one make hang on the route."""
        return bool(self.pages) or "act" in self.parts

    def addresses(self, token: str) -> list[str]:
        """The addresses of this route for one case; fails when there is none."""
        found = [address for parts in self._each(token) if (address := self._address(parts))]
        assert found, f"no address for the route {self.name}"
        return list(dict.fromkeys(found))

    def _each(self, token: str) -> Iterator[Parts]:
        for section, page in self.pages or (("no-such-section", "no-such-page"),):
            known = {"token": [token], "section": [section], "page": [page]}
            offered = {**VALUES, **known}
            values = [offered.get(part, ["1"]) for part in self.parts]
            for chosen in product(*values):
                yield dict(zip(self.parts, chosen, strict=True))

    def _address(self, parts: Parts) -> str:
        try:
            return reverse(self.name, kwargs=parts)
        except NoReverseMatch:
            # A part takes another form here: "new" where only numbers go.
            return ""


def routes() -> list[Route]:
    """Every route of the service."""
    return list(_walk(get_resolver(), ()))


def _walk(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern, inner)
        else:
            yield _route(pattern, spaces)


def _route(pattern: URLPattern, spaces: tuple[str, ...]) -> Route:
    assert pattern.name, f"a route without a name: {pattern.pattern}"
    names = pattern.pattern.converters or pattern.pattern.regex.groupindex
    return Route(":".join((*spaces, pattern.name)), tuple(names), _pages(pattern))


def _pages(pattern: URLPattern) -> tuple[tuple[str, str], ...]:
    """The pages of the document that a route is made for, from the route's own arguments."""
    desk = pattern.default_args.get("desk")
    sections = desk.document.sections if desk else ()
    return tuple((section.slug, page.slug) for section in sections for page in section.pages)
