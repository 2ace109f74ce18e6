"""`make prove-durability`: what the service said was sent is sent, whole, whatever is killed."""

import gc
import json
import logging
import os
import signal
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
import psycopg

from tests.prove.servers import Broker, Database, servers

# What a whole run must have been put through, and how long it may take altogether: sending so many
# takes two cores about twelve minutes, for each kill costs as much as a sending.
GOALS = {"kills": 10_000, "crashes": 300, "acknowledged": 15_000}
SECONDS = 900.0
# For judging at the end.
KEPT_BACK = 25.0
# A kill costs as much as a sending: many more than the goal asks for are paid for in filings.
KILL_EVERY, CRASH_EVERY = 0.073, 2.4
NO_TOLL = {"kills": 0, "crashes": 0}
# Where only the machine's own failing shows the fault, nothing is cut off at each statement first.
SHOWN_BY_CRASHES = {"lazy-commit"}
MUST_BE_NOUGHT = (
    "lost",
    "half_written",
    "changed",
    "not_as_committed",
    "retry_failed",
    "doubled",
    "keys_missing",
)
CLERKS = 6
# More than two cores can send in a short run, and in a whole one.
DRAFTS_A_SECOND = 45
DRAFTS = 17_000
FOR_EACH_PLACE = 250
AT = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


@dataclass
class Stock:
    """Complete drafts, a browser for each clerk, and the shapes of whole cases."""

    tokens: list[str]
    browsers: list[Any]
    author: int
    draft: str
    sent: str
    opened: str


def prove(*, seed: int, seconds: float | None = None, broken: str = "") -> dict[str, object]:
    """The run's one line: `ok` is false on any miss, and where a whole run fell short of its goals.

    `seconds` is how long things are killed at random; without it until what a whole run must have
    seen was seen, for a quarter of an hour at most.
    `broken` names a fault built in on purpose (see `broken.py`): such a run must not be ok, and
    nothing is killed at random any more where cutting off has found it.
    """
    began = time.monotonic()
    with servers() as (database, broker):
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        django.setup()
        # Only now: the settings are read from the servers' environment.
        from tests.prove import broken as faults  # noqa: PLC0415
        from tests.prove import exhaustive, looking  # noqa: PLC0415

        looking.open_eyes()
        drafts = int(DRAFTS_A_SECOND * seconds) if seconds else DRAFTS
        stock = _stock(database, FOR_EACH_PLACE + drafts)
        faults.build_in(broken, database)
        prepared = time.monotonic()
        cutter = _cutter(stock, database, database.folder / "told", until_a_fault=bool(broken))
        places = stock.tokens[:FOR_EACH_PLACE]
        found = {}
        if broken not in SHOWN_BY_CRASHES:
            found = asdict(exhaustive.prove(cutter, places, crashes=seconds is None))
        tried, book, toll = time.monotonic(), database.folder / "noted", NO_TOLL
        if not cutter.over:
            left = seconds or SECONDS - KEPT_BACK - (tried - began)
            least = min(left, GOALS["kills"] * KILL_EVERY * 1.04) if seconds is None else left
            toll = _kill_at_random(stock, (database, broker), (least, left), seed=seed, book=book)
        took = time.monotonic() - tried
        cutter.settled()
        for name, number in _judged(stock, database, book).items():
            found[name] = found.get(name, 0) + number
    figures = {**found, **toll, "sent_a_second": round(found["acknowledged"] / took, 1)}
    faultless = not any(figures[name] for name in MUST_BE_NOUGHT)
    reached = seconds is not None or all(figures[name] >= goal for name, goal in GOALS.items())
    times = {"seconds": round(time.monotonic() - began, 1), "preparing": round(prepared - began, 1)}
    return {"proof": "durability", "ok": faultless and reached, "seed": seed, **times, **figures}


def _cutter(stock: Stock, database: Database, book: Path, *, until_a_fault: bool) -> Any:
    from tests.prove import exhaustive  # noqa: PLC0415

    whole = (stock.draft, stock.sent, stock.opened)
    return exhaustive.Cutter(
        database, stock.browsers[0], stock.author, *whole, book, until_a_fault=until_a_fault
    )


def _stock(database: Database, number: int) -> Stock:
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    from tests.notifications.answers import sign_in  # noqa: PLC0415
    from tests.prove import drafts, exhaustive, filing, looking, shapes  # noqa: PLC0415
    from workflow import clock  # noqa: PLC0415

    clock.now = lambda: AT
    # Every request that a crash cuts off would be a page of log.
    logging.disable(logging.CRITICAL)
    engine = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"] = {"BACKEND": engine}
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 8
    Argon2PasswordHasher.parallelism = 1
    everyone, pattern = drafts.settle()
    with psycopg.connect(_superuser(database), autocommit=True) as server:
        tokens = drafts.multiply(server, pattern, drafts=number)
    keys = [sign_in(everyone.ada).session.session_key for _ in range(CLERKS)]
    application = get_wsgi_application()
    browsers = [filing.Browser(application, str(key)) for key in keys]
    # One of each is sent and opened with nobody in its way: this is what whole means.
    if not (browsers[0].send(tokens[0]) and browsers[0].start("undisturbed")):
        raise RuntimeError("A notification could not be sent even in peace.")
    looking.shut_eyes()
    gc.collect()
    gc.freeze()
    cutter = exhaustive.Cutter(database, browsers[0], everyone.ada.pk, "", "", "", Path())
    whole = {
        "draft": shapes.shape_of(database, pattern.token),
        "sent": shapes.shape_of(database, tokens[0]),
        "opened": cutter._opened("undisturbed"),
    }
    _refuse_unless_telling(whole)
    return Stock(tokens[1:], browsers, everyone.ada.pk, **whole)


def _refuse_unless_telling(whole: dict[str, str]) -> None:
    """What later cases are held against says itself all that sending is to leave."""
    said = ("submitted", "submit", "notify-the-panel", "rapid-review", "partner", "panel", "ofsted")
    if not all(word in whole["sent"] for word in said) or len(set(whole.values())) < len(whole):
        raise RuntimeError(f"These are not the shapes of whole cases: {whole}")


def _superuser(database: Database) -> str:
    return f"host=127.0.0.1 port={database.port} user=postgres dbname=service"


def _kill_at_random(
    stock: Stock,
    servers: tuple[Database, Broker],
    seconds: tuple[float, float],
    *,
    seed: int,
    book: Path,
) -> dict[str, Any]:
    """Clerks send while they are killed, for as many seconds at least, and at most.

    It ends between these when as many were acknowledged as a whole run must have.
    """
    from tests.prove import filing  # noqa: PLC0415
    from tests.prove.chaos import Chaos  # noqa: PLC0415

    book.mkdir()
    roles, tokens = {}, stock.tokens[FOR_EACH_PLACE:]
    for number, browser in enumerate(stock.browsers):
        clerk = filing.Clerk(browser, servers[0], tokens, book, f"clerk-{number}")
        roles[clerk.name] = clerk.work
    report = book.with_name("toll.json")
    chaos = Chaos(roles, *servers, seed, report, uneven=True)
    # Spread over the time that a whole run has, with a little to spare.
    chaos.kill_every, chaos.crash_every = KILL_EVERY, CRASH_EVERY
    chaos.flush_every = chaos.broker_kill_every = 0.0
    pid, began = chaos.start(), time.monotonic()
    least, most = seconds
    try:
        while (gone := time.monotonic() - began) < most:
            if gone >= least and len(_noted(book)) >= GOALS["acknowledged"]:
                break
            time.sleep(0.5)
    finally:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
    toll = json.loads(report.read_text(encoding="ascii"))
    return {"kills": toll["kills"], "crashes": toll["crashes"]}


def _noted(book: Path) -> list[str]:
    from tests.prove import filing  # noqa: PLC0415

    return [token for own in book.glob("*.noted") for token in filing.noted(own)]


def _judged(stock: Stock, database: Database, book: Path) -> dict[str, int]:
    """Everything that was acknowledged is there, and nothing is there in part or twice."""
    from tests.prove import drafts, shapes  # noqa: PLC0415

    acknowledged = set(_noted(book))
    now = shapes.shapes(database)
    whole = {stock.draft, stock.sent, stock.opened}
    sent = {token for token, shape in now.items() if shape == stock.sent}
    keys = database.ask("SELECT key_id FROM workflow_case", database="service")
    held = drafts.key_files(Path(os.environ["KEY_STORE"]))
    return {
        "acknowledged": len(acknowledged),
        "lost": len(acknowledged - sent),
        "half_written": sum(shape not in whole for shape in now.values())
        + shapes.number(database, shapes.WITHOUT_MACHINE),
        "doubled": shapes.number(database, shapes.SENT_TWICE),
        "keys_missing": sum(str(key) not in held for (key,) in keys),
        "sent_unacknowledged": len(sent - acknowledged - set(stock.tokens[:FOR_EACH_PLACE])) - 1,
    }
