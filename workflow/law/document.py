"""The law as one page of Markdown, written from the values the service computes with."""

import datetime as dt
from collections.abc import Iterable

from workflow.law import bodies, duties, instruments, readings
from workflow.law.bodies import NotInForce
from workflow.law.calendar import COMMITTED, Calendar
from workflow.law.duty import Duty, Limit
from workflow.law.instruments import Citation
from workflow.law.readings import Reading
from workflow.law.words import long_date, short_date

INTRODUCTION = """\
# The law this service applies

This page is written by `manage.py law` from the values in `workflow/law`, which are what the
service computes with. A test fails when the page and the values differ. To change a rule, change
its value and run `manage.py law --write`.

How to read it:

- **must** comes from an Act or regulations, **should** from guidance, **is expected to** from the
  Panel’s stated expectation or from practice. An act and its time limit each carry their own verb.
- Lateness is of three kinds, counted apart and never added together. **Statutory**: the limit is
  in an Act or regulations. **Guidance**: the limit is in guidance, even where the act itself is a
  statutory duty. **Service level**: the limit is practice only.
- Words in quotation marks are the source’s own; others are a summary.
- **Unverified** means that the words or the number were known but not read in a text at hand.
  Each such value is dated and can be corrected in one place.
"""


def render(*, on: dt.date | None = None, diagrams: str = "", calendar: Calendar = COMMITTED) -> str:
    """The whole page. With `on`, what is in force that day comes first.

    The page without `on` depends on no clock, so it can be compared with the committed one.
    """
    parts = [
        INTRODUCTION,
        *([_in_force(on)] if on else []),
        _overview(),
        *(_duty(duty) for duty in duties.ALL),
        _readings(),
        _bodies(),
        _working_days(calendar),
        _unverified(),
        _instruments(),
        *([_states(diagrams)] if diagrams else []),
    ]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _mark(*, verified: bool) -> str:
    return "" if verified else " **(unverified)**"


def _in_force(on: dt.date) -> str:
    rows = []
    for duty in duties.ALL:
        try:
            limit = duty.limit(on)
        except NotInForce:
            rows.append((duty.code, duty.title, "not in force", ""))
        else:
            since = short_date(limit.since)
            words = limit.words + _mark(verified=limit.verified)
            rows.append((duty.code, duty.title, words, since))
    try:
        body = bodies.notified_body(on).name
    except NotInForce as refusal:
        body = str(refusal)
    table = _table(("Duty", "", "Limit in force", "Since"), rows)
    return f"## In force on {long_date(on)}\n\nNotified body: {body}\n\n{table}"


def _overview() -> str:
    rows = [
        (
            duty.code,
            duty.title,
            f"{duty.act_verb} / {duty.limit_verb}",
            _latest(duty).words + _mark(verified=_latest(duty).verified),
            "never a breach" if duty.soft else duty.lateness,
        )
        for duty in duties.ALL
    ]
    header = ("", "Duty", "Act / limit", "Limit", "Kind of lateness")
    return (
        "## The duties\n\n"
        f"{_table(header, rows)}\nEdition of the limits: `{duties.EDITION}`\n\n"
        "Local working steps (the partners’ meeting, the agencies’ summaries) have no limit in "
        "law. Each partnership sets its own; this service keeps none of them "
        "([what is not built yet](not-built-yet.md))."
    )


def _latest(duty: Duty) -> Limit:
    return [limit for limit in duty.limits if limit.computed][-1]


def _duty(duty: Duty) -> str:
    latest = _latest(duty)
    facts = (
        ("On whom", duty.owed_by.name),
        ("To whom", ", ".join(body.name for body in duty.owed_to) or "everyone"),
        ("Clock starts", f"the day {duty.clock_starts.words}"),
        ("Clock stops", f"the day {duty.clock_stops.words}"),
        ("Lateness", "never a breach (soft)" if duty.soft else duty.lateness),
    )
    limits = "\n".join(f"- {_limit(limit)}" for limit in duty.limits)
    cites = "\n".join(f"- {_cite(citation)}" for citation in duty.cites)
    applied = "\n".join(f"- {_link(reading)}" for reading in duty.readings)
    return (
        f"### {duty.code}. {duty.title}\n\n"
        f"`{duty.slug}`\n\n{duty.sentence(latest.since)}\n\n"
        f"{_table(('', ''), facts)}\n"
        f"Limits:\n\n{limits}\n\nRests on:\n\n{cites}\n\nReadings applied:\n\n{applied}"
    )


def _limit(limit: Limit) -> str:
    note = f" {limit.note}" if limit.note else ""
    return f"{_limit_words(limit)}{_mark(verified=limit.verified)}. {_cite(limit.citation)}{note}"


def _limit_words(limit: Limit) -> str:
    since = f"from {short_date(limit.since)}, "
    if limit.expected:
        return f"{since}expected and not computed: {limit.words}"
    if limit.relaxation:
        return f'{since}relaxed, which is not computed: the limit "{limit.words}"'
    return f"{since}{limit.words}"


def _cite(citation: Citation) -> str:
    seen = f" ({citation.seen})" if citation.seen else ""
    return f"{citation.place}{_mark(verified=citation.verified)}{seen}: {citation.text}"


def _link(reading: Reading) -> str:
    anchor = "".join(c for c in reading.question.lower() if c.isalnum() or c in " -_")
    return f"[{reading.question}](#{anchor.replace(' ', '-')})"


def _readings() -> str:
    parts = [
        f"### {reading.question}\n\n"
        f"`{reading.slug}`{_mark(verified=reading.verified)}\n\n"
        f"**{reading.answer}** {reading.because}\n\n"
        f"Source: {_cite(reading.source)}"
        for reading in readings.ALL
    ]
    return (
        "## Readings\n\nA reading is the interpretation this service applies where the texts are "
        "silent or disagree. It is not the law.\n\n" + "\n\n".join(parts)
    )


def _bodies() -> str:
    rows = []
    for body in bodies.ALL:
        since = short_date(body.since) if body.since else "not yet"
        status = "expected: shown here, never computed with" if body.expected else "in force"
        rows.append((body.name, since, status, _cite(body.citation)))
    return "## Who receives\n\n" + _table(("Body", "From", "", "Rests on"), rows)


def _working_days(calendar: Calendar) -> str:
    first, last = calendar.known_from, calendar.known_until
    one_offs = [
        (long_date(holiday.day), holiday.title, holiday.one_off)
        for holiday in calendar.holidays
        if holiday.one_off
    ]
    years = [
        (
            str(year),
            ", ".join(
                f"{h.day.day} {short_date(h.day).split()[1]}"
                for h in calendar.holidays
                if h.day.year == year
            ),
        )
        for year in range(first.year, last.year + 1)
    ]
    return (
        "## Working days\n\n"
        f"{readings.WORKING_DAY.answer} Bank holidays in England and Wales are known from "
        f"{short_date(first)} to {short_date(last)}: `{calendar.edition}`. A date outside them is "
        "refused, never guessed. Contains public sector information licensed under the Open "
        "Government Licence v3.0.\n\n"
        f"{_table(('Year', 'Bank holidays'), years)}\n"
        "One-off days and moves:\n\n"
        f"{_table(('Day', 'Title', 'Why'), one_offs)}"
    )


def _unverified() -> str:
    found = [
        f"- {duty.code}, {_limit_words(limit)}: {limit.citation.place}, {limit.citation.words}"
        for duty in duties.ALL
        for limit in duty.limits
        if not limit.verified
    ]
    cited = [
        *(citation for duty in duties.ALL for citation in duty.cites),
        *(reading.source for reading in readings.ALL),
        *(body.citation for body in bodies.ALL),
    ]
    places = {f"- {c.place}: {c.words}" for c in cited if not c.verified}
    return "## Unverified\n\n" + "\n".join([*found, *sorted(places)])


def _instruments() -> str:
    rows = [(one.title, one.binding, f"<{one.url}>" if one.url else "") for one in instruments.ALL]
    return "## Instruments\n\n" + _table(("Title", "Binding", "Where"), rows)


def _states(diagrams: str) -> str:
    drawn = diagrams.strip("\n")
    return "## States\n\n" + (drawn if "```" in drawn else f"```mermaid\n{drawn}\n```")
