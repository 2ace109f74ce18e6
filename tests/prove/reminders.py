"""`make prove-reminders`: no statutory reminder is missed, doubled or late, whatever is killed."""

import os
import tempfile
from pathlib import Path

import django

from tests.prove import post
from tests.prove.servers import servers

# What a whole run must have been put through, and for how long, in ten minutes altogether: in the
# end its mail server behaves, or what waits would take minutes more.
GOALS = {
    "kills": 10_000,
    "crashes": 300,
    "reminders": 50_000,
    "simulated_days": 366,
    "clock_changes": 2,
    "christmases": 1,
    "easters": 1,
    "clock_jumps": 5,
    "clock_leaps": 5,
    "flushes": 50,
    "broker_kills": 10,
    **{f"mail_{fault}": 20 for fault in post.FAULTS},
}
SECONDS = 540.0
MUST_BE_NOUGHT = (
    "missing",
    "unexpected",
    "doubled",
    "late",
    "early",
    "undelivered",
    "given_up",
    "on_days_off",
    "second_digests",
    "wrongly_withheld",
    "asked_in_vain",
    "clocks_differ",
)
FAULTY_MAIL = 0.12
CASES_A_DAY = 0.6
# Open from the beginning: most of what is owed on a day is about what has been late for long.
STANDING = 130
# What a shorter run must at least have seen to have proved anything.
LEAST = 400


def prove(
    *, seed: int, seconds: float | None = None, broken: str = "", cases: float = CASES_A_DAY
) -> dict[str, object]:
    """The run's one line: `ok` is false on any miss, and where a whole run fell short of its goals.

    `broken` names a fault built in on purpose (see `broken.py`): such a run must not be ok.
    """
    with servers() as (database, broker), tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book"
        mail, port = post.serve(book, seed=seed, faults=FAULTY_MAIL)
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        try:
            django.setup()
            # Only now: the settings are read from the servers' environment.
            from tests.prove import broken as faults  # noqa: PLC0415
            from tests.prove import looking, simulation, time_row  # noqa: PLC0415

            looking.open_eyes()
            database.ask(time_row.SQL, database="service")
            faults.build_in(broken, database)
            found = simulation.simulate(
                database,
                broker,
                book=book,
                calm=lambda: None if seconds else post.behave(mail),
                seed=seed,
                seconds=seconds or SECONDS,
                cases=cases,
                standing=STANDING // 4 if seconds else STANDING,
                least=LEAST if seconds else 0,
            )
        finally:
            os.kill(mail, 9)
            os.waitpid(mail, 0)
    faultless = int(str(found["reminders"])) >= LEAST and not any(
        found[name] for name in MUST_BE_NOUGHT
    )
    reached = seconds is not None or all(int(str(found[n])) >= goal for n, goal in GOALS.items())
    return {"proof": "reminders", "ok": faultless and reached, "seed": seed, **found}
