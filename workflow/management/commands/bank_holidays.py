"""`manage.py bank_holidays`: proclaim or withdraw one, and move the open dates that it moves."""

import datetime as dt
import json
from itertools import islice
from typing import Any

from django.core.management.base import CommandParser

from workflow import clock
from workflow.deadlines.calendar import calendar, proclaimed_days
from workflow.deadlines.preview import Preview, preview
from workflow.deadlines.proclaiming import CannotProclaim, Change, addition, withdrawal
from workflow.law.calendar import COMMITTED
from workflow.law.words import counted, long_date, short_date
from workflow.machine.moving_dates import (
    Moved,
    administrator,
    change_calendar,
    work_out_again,
)
from workflow.machine.refusals import CannotAdvance
from workflow.management.refusing import Refused, RefusingCommand, parse_day
from workflow.people.person import Person

SHOWN = 50
EXAMPLES = """\
examples:
  bank_holidays list                          the calendar, and what was proclaimed since
  bank_holidays add 2027-06-07 "Bank holiday for a jubilee" --preview
  bank_holidays add 2027-06-07 "Bank holiday for a jubilee" --apply --by sam@operator.example
  bank_holidays withdraw 2027-06-07 --preview
  bank_holidays rework --preview              open dates that the calendar and the time limits in
                                              force would move: after a new version of this
                                              service, or after an interruption; with --apply
                                              a date of a draft that had ended though the facts
                                              ask for it runs again as well

--preview changes nothing and says which open dates would move. --apply changes the calendar and
moves them: each case keeps a record of who moved which date, from when, and why. Dates that were
met never change. --by names a deadline administrator by the e-mail address they sign in with.

exit codes: 0 done, 2 wrong input, with one sentence that says what is wrong
"""


class Command(RefusingCommand):
    """Lists, adds, withdraws and works out again."""

    examples = EXAMPLES
    help = "Proclaim or withdraw a bank holiday, with a preview of the open dates that move."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, with which day."""
        parser.add_argument("what", metavar="list|add|withdraw|rework", help="what to do")
        parser.add_argument("day", nargs="?", metavar="DAY", help="a date: 2027-06-07")
        parser.add_argument("title", nargs="?", metavar="TITLE", help="what the day is for")
        parser.add_argument(
            "--preview", action="store_true", help="change nothing, show what would"
        )
        parser.add_argument("--apply", action="store_true", help="do it")
        parser.add_argument("--by", metavar="EMAIL", help="who does it; needed with --apply")
        parser.add_argument(
            "--proclaimed", metavar="DAY", help="when proclaimed; today if not given"
        )
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, **options: Any) -> None:
        """It was done and said; Refused (exit 2) when it was not."""
        at = clock.now()
        try:
            if options["what"] == "list":
                return self._list(as_json=options["json"])
            if options["what"] not in ("add", "withdraw", "rework"):
                raise Refused("Say list, add DAY TITLE, withdraw DAY or rework; see --help.")
            if options["preview"] == options["apply"]:
                raise Refused("Say either --preview or --apply.")
            self._change(options, on=clock.london_date(at), at=at)
        except CannotProclaim as refusal:
            raise Refused(str(refusal)) from None
        except CannotAdvance as refusal:
            raise Refused(" ".join(refusal.reasons)) from None

    def _change(self, options: dict[str, Any], *, on: dt.date, at: dt.datetime) -> None:
        by = _person(options["by"], on=on) if options["apply"] else Person()
        change = _change_of(options, by=by, on=on, at=at)
        if options["preview"]:
            self._say_preview(preview(change), change, as_json=options["json"])
            return
        said: dict[str, Any] = {"by": by, "on": on, "at": at, "progress": self._progress}
        moved = change_calendar(change, **said) if change else work_out_again(**said)
        self._say_moved(moved, change, as_json=options["json"])

    def _progress(self, done: int, of: int) -> None:
        # To standard error, so that an answer in JSON stays whole.
        self.stderr.write(f"{done:,} of {of:,} cases", style_func=str)

    def _list(self, *, as_json: bool) -> None:
        days = calendar()
        rows = sorted(proclaimed_days().values(), key=lambda row: row.day)
        if as_json:
            found = [
                {
                    "day": row.day.isoformat(),
                    "title": row.title,
                    "proclaimed_on": row.proclaimed_on.isoformat(),
                    "added_at": row.added_at.isoformat(),
                    "added_by": row.added_by.email,
                }
                for row in rows
            ]
            horizon = days.known_until.isoformat()
            answer = {"edition": days.edition, "horizon": horizon, "proclaimed": found}
            self.stdout.write(json.dumps(answer, indent=2))
            return
        self.stdout.write(f"Published: {COMMITTED.edition}")
        self.stdout.write(f"In force:  {days.edition}, known until {short_date(days.known_until)}")
        for row in rows:
            self.stdout.write(
                f"{row.day.isoformat()} {row.title} (proclaimed {short_date(row.proclaimed_on)},"
                f" added by {row.added_by.email})"
            )
        if not rows:
            self.stdout.write("Nothing was proclaimed since.")

    def _say_preview(self, found: Preview, change: Change | None, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"applied": False, **found.as_json()}, indent=2))
            return
        if change:
            verb = "withdrawn" if change.row.withdrawn else "proclaimed"
            self.stdout.write(f"{long_date(change.row.day)} would be {verb}: {change.row.title}.")
        for line in islice(found.lines(), SHOWN):
            self.stdout.write(f"  {line}")
        if len(found.rows) > SHOWN:
            self.stdout.write(f"  and {len(found.rows) - SHOWN:,} more; --json lists them all")
        clocks, cases = counted(len(found.rows), "open date"), counted(found.cases, "case")
        self.stdout.write(f"{clocks} of {cases} would move. Nothing was changed.")

    def _say_moved(self, moved: Moved, change: Change | None, *, as_json: bool) -> None:
        if as_json:
            answer = {
                "applied": True,
                "edition": moved.record.calendar_edition,
                "cases": moved.cases,
                "clocks": moved.clocks,
            }
            self.stdout.write(json.dumps(answer, indent=2))
            return
        if change:
            verb = "withdrawn" if change.row.withdrawn else "proclaimed"
            self.stdout.write(f"{long_date(change.row.day)} is {verb}: {change.row.title}.")
        clocks, cases = counted(moved.clocks, "open date"), counted(moved.cases, "case")
        self.stdout.write(f"{clocks} of {cases} moved.")


def _change_of(
    options: dict[str, Any], *, by: Person, on: dt.date, at: dt.datetime
) -> Change | None:
    """The change that is asked for; None where only what is in force is applied again."""
    if options["what"] == "rework":
        return None
    if options["day"] is None:
        raise Refused("Say which day; write it as 2027-06-07.")
    day = parse_day(options["day"])
    if options["what"] == "withdraw":
        return withdrawal(day, by=by, on=on, at=at)
    since = parse_day(options["proclaimed"]) if options["proclaimed"] else None
    title = options["title"] or ""
    return addition(day, title, by=by, on=on, at=at, proclaimed_on=since)


def _person(email: str | None, *, on: dt.date) -> Person:
    if not email:
        raise Refused("Say who does it: --by and the e-mail address of a deadline administrator.")
    try:
        person = Person.objects.get_by_natural_key(email)
    except Person.DoesNotExist:
        raise Refused(f"Nobody signs in as {email}.") from None
    administrator(person, on=on)
    return person
