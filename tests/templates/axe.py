"""axe-core in a real browser: what it finds, without the two known faults of the kit itself."""

import json
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page

AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
# Both are upstream, and both are avoided: no conditional reveals, no enhanced file input.
ALLOWED = frozenset({"aria-allowed-attr", "label-content-name-mismatch"})


def violations(page: Page) -> list[str]:
    """Each violation on the page as one line; empty when there is none."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then(result => result.violations)")
    return [
        f"{one['id']}: {one['help']}: {json.dumps([node['html'] for node in one['nodes']])}"
        for one in found
        if one["id"] not in ALLOWED
    ]


def overflow(page: Page) -> list[str]:
    """What sticks out of the window sideways; empty when the page needs no sideways scroll."""
    return list(
        page.evaluate(
            """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
                [...document.querySelectorAll('main *, header *, footer *')]
                    .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
                    .map(e => e.outerHTML.slice(0, 120))"""
        )
    )
