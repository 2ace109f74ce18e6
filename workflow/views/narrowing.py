"""The addresses of the board and its lists, and what they can be narrowed to."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from workflow.board import periods
from workflow.board.asked import STANDINGS, Asked, duties_of
from workflow.board.periods import Period
from workflow.law import duties
from workflow.queues.counts import Capped
from workflow.queues.filters import REGIONS
from workflow.views.queue import Areas

Words = dict[str, Any]


def link(name: str, asked: Asked, **more: str) -> str:
    """The address of a page of the board for what is asked."""
    return f"{reverse(name)}?{asked.as_address(**more)}"


def choices(asked: Asked, offered: Areas, *, on: date) -> Words:
    """What the figures and the lists can be narrowed to; areas for those who see many of them."""
    return {
        "areas": offered,
        "regions": [(region, region) for region in REGIONS] if offered else [],
        "duties": [
            (duties.by_slug(slug).address, duties.by_slug(slug).title)
            for slug in duties_of(asked.kind)
        ],
        "periods": _periods(asked, on),
    }


def _periods(asked: Asked, on: date) -> list[tuple[str, str]]:
    """Those offered, and the one asked for: no list says "All" of what it narrows."""
    offered, known = periods.offered(on), periods.of_address(asked.period)
    if known is None or any(slug == known.slug for slug, _ in offered):
        return offered
    return [(known.slug, known.title), *offered]


def earlier(asked: Asked, period: Period, counts: Mapping[str, Capped]) -> list[Words]:
    """The lists of what was missed before a period, each with how many it holds; none is empty."""
    sooner = asked.with_(period=periods.before(period).slug, seen="")
    return [
        {
            "text": f"{STANDINGS[slug]}: {number}",
            "href": link("breach-list", sooner.with_(standing=slug)),
        }
        for slug, number in counts.items()
        if number.number
    ]


def links(asked: Asked, period: Period) -> list[Words]:
    """From the figures to the lists of what they count."""
    due = asked.with_(period=period.slug)
    return [
        {
            "text": "All that is past its date and still open",
            "href": link("breach-list", asked.with_(standing="open", period="")),
        },
        {
            "text": f"Due in this period and still open: {period.title}",
            "href": link("breach-list", due.with_(standing="open")),
        },
        {
            "text": f"Due in this period and met late: {period.title}",
            "href": link("breach-list", due.with_(standing="met-late")),
        },
        {
            "text": "Due in this period, met, and known to be late by a correction since: "
            f"{period.title}",
            "href": link("breach-list", due.with_(standing="known-late")),
        },
        {
            "text": f"Due in this period and passed on late to another authority: {period.title}",
            "href": link("breach-list", due.with_(standing="passed-on")),
        },
        {
            "text": "What waits without a legal clock, on whom and since when",
            "href": reverse("without-clock"),
        },
    ]
