"""The shape of what a program is told, as JSON Schema: each view names the shape of its answer."""

from typing import Any

Shape = dict[str, Any]

TEXT: Shape = {"type": "string"}
FLAG: Shape = {"type": "boolean"}
NUMBER: Shape = {"type": "integer"}
DAY: Shape = {"type": "string", "format": "date"}
INSTANT: Shape = {"type": "string", "format": "date-time"}


def maybe(shape: Shape) -> Shape:
    """It, or null."""
    return {"anyOf": [shape, {"type": "null"}]}


def many(shape: Shape) -> Shape:
    """A list of them."""
    return {"type": "array", "items": shape}


def whole(**parts: Shape) -> Shape:
    """An object with exactly these parts."""
    return {
        "type": "object",
        "properties": parts,
        "required": list(parts),
        "additionalProperties": False,
    }


def by_name(shape: Shape) -> Shape:
    """An object of such things by names of any kind."""
    return {"type": "object", "additionalProperties": shape}


AUTHORITY = whole(code=maybe(TEXT), name=TEXT)
STANDING = whole(tag=TEXT, words=TEXT)
CASE = whole(
    case=TEXT,
    reference=maybe(TEXT),
    authority=AUTHORITY,
    kind=TEXT,
    children=maybe(NUMBER),
    opened_on=DAY,
    notified_on=maybe(DAY),
    statuses=many(whole(of=TEXT, words=TEXT)),
    waiting_for=many(whole(role=TEXT, words=TEXT)),
    next_due=maybe(
        whole(on=DAY, standing=STANDING, is_internal=FLAG, **{"for": maybe(TEXT)}),
    ),
    deadlines=TEXT,
    events=TEXT,
)
CASES = whole(cases=many(CASE), previous=maybe(TEXT), next=maybe(TEXT))
VERBS = {"words": TEXT, "verb": TEXT}
BECAUSE = whole(
    start=DAY,
    count=NUMBER,
    unit=TEXT,
    due=DAY,
    counted=many(DAY),
    skipped=many(whole(day=DAY, reason=TEXT)),
    edition=TEXT,
    horizon=DAY,
    aware_on=maybe(DAY),
    suspected_on=maybe(DAY),
    words=TEXT,
    clock_starts=TEXT,
    limit=whole(**VERBS, since=maybe(DAY)),
    act=whole(**VERBS),
    lateness=maybe(TEXT),
    verified=FLAG,
    cites=many(whole(place=TEXT, words=TEXT, address=TEXT, verified=FLAG)),
    readings=many(whole(question=TEXT, answer=TEXT, because=TEXT)),
    bank_holidays=TEXT,
)
DEADLINES = whole(
    case=TEXT,
    deadlines=many(
        whole(
            duty=TEXT,
            cycle=NUMBER,
            title=TEXT,
            sentence=TEXT,
            owed_by=TEXT,
            due_on=DAY,
            met_on=maybe(DAY),
            later_date_agreed=maybe(DAY),
            ended_on=maybe(DAY),
            is_open=FLAG,
            standing=STANDING,
            corrected=maybe(TEXT),
            because=BECAUSE,
        )
    ),
)
EVENTS = whole(
    case=TEXT,
    events=many(
        whole(
            sequence=NUMBER,
            act=TEXT,
            of=maybe(TEXT),
            title=TEXT,
            by=TEXT,
            on=DAY,
            at=INSTANT,
            recorded_at=INSTANT,
            words=maybe(TEXT),
        )
    ),
    next=maybe(TEXT),
)
AUTHORITIES = whole(authorities=many(whole(code=maybe(TEXT), name=TEXT, region=TEXT)))
CODES = whole(
    not_known=TEXT,
    lists=by_name(
        many(
            whole(
                code=TEXT,
                label=TEXT,
                group=maybe(TEXT),
                since=maybe(DAY),
                until=maybe(DAY),
                source=TEXT,
            )
        )
    ),
)
WRONG = many(whole(where=TEXT, name=TEXT, detail=TEXT, remedy=TEXT))
PROBLEM = whole(type=TEXT, title=TEXT, status=NUMBER, errors=WRONG)
# As RFC 6749, 5.2, has it, with what every refusal says beside.
OAUTH: Shape = {
    "type": "object",
    "properties": {"error": TEXT, "error_description": TEXT, "remedy": TEXT, "errors": WRONG},
    "required": ["error", "remedy", "errors"],
}
