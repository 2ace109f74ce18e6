"""`make prove-documents`: no hostile file is kept as clean, shown by a browser, or breaks any."""

import logging
import os
import time
from random import Random
from typing import Any

import django

from tests.prove.servers import servers

GOALS = {"files": 300}
SECONDS = 590.0
# On a machine too busy for its time, a short run sees so many files all the same.
AT_LEAST = 24
MEMORY_MB = 512


def prove(*, seed: int, seconds: float | None = None, broken: str = "") -> dict[str, Any]:
    """The run's one line: `ok` is false when anything went wrong, or a whole run saw too little.

    `broken` builds in a fault: "uncleaned" keeps each file as it came, "believing" takes every
    answer of the scanner for a good one, "inline" lets a browser show what is given.
    """
    began, whole = time.monotonic(), seconds is None
    with servers():
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        django.setup()
        logging.disable(logging.CRITICAL)
        from django.conf import settings  # noqa: PLC0415

        # Pages are drawn as in the tests: nothing is collected for a browser.
        plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
        settings.STORAGES["staticfiles"] = {"BACKEND": plain}
        from tests.prove import attaching, looking  # noqa: PLC0415

        looking.open_eyes()
        until = began + (SECONDS - 60 if seconds is None else seconds * 0.85)
        how: Any = {"until": until, "least": AT_LEAST, "broken": broken, "whole": whole}
        found = attaching.attached(Random(seed), **how)
    within = max(found["memory_mb"].values()) <= MEMORY_MB
    reached = all(found[name] >= goal for name, goal in GOALS.items())
    ok = bool(not found["wrong"] and within and found["given"] and (reached or not whole))
    took = round(time.monotonic() - began, 1)
    return {"proof": "documents", "ok": ok, "seed": seed, "seconds": took, **found}
