"""The filters a person keeps by a name, as the board and the list of missed dates show them."""

from typing import Any
from urllib.parse import parse_qs

from django.http import HttpRequest
from django.urls import reverse

from workflow.board import saving
from workflow.views.access import person_of

# What stands in a kept filter, and in an address, that leads to the board; others lead to the list.
BOARD = "board"


def saved(request: HttpRequest, save_href: str) -> dict[str, Any]:
    """What this person has kept, where one more is kept from here, and how each is removed."""
    here = save_href.partition("?")[2]
    return {
        "saved": [
            {
                "name": row.name,
                "href": f"{page_of(row.query)}?{row.query}",
                "remove": f"{reverse('breach-forget', args=[row.pk])}?{here}",
            }
            for row in saving.saved_by(person_of(request))
        ],
        "save_href": save_href,
    }


def page_of(query: str) -> str:
    """The page whose filters these words of an address are."""
    return reverse("breaches" if parse_qs(query).get("of") == [BOARD] else "breach-list")
