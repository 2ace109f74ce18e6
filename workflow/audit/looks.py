"""Who looked at which case: what an answer showed is in the log before the answer is sent.

The answer itself says which cases it shows: each stands in it by the token that its reference and
its addresses hold. No view or template takes part in this, so none can forget it. `signed_in`
keeps the looks of a page in the page's own transaction; the middleware those of every other
answer, and of a page that failed after a case had been read for it.
"""

import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from workflow import clock
from workflow.access import context, shown
from workflow.access.models import Capacity
from workflow.access.reach import PARTNERS
from workflow.access.rows import mine
from workflow.access.shown import Shown
from workflow.audit.models import Look
from workflow.audit.parts import InAFile
from workflow.machine.token import TokenConverter
from workflow.people import roles
from workflow.people.person import Person

log = logging.getLogger(__name__)

_TOKEN = re.compile(rf"(?<![0-9A-Z]){TokenConverter.regex}(?![0-9A-Z-])".encode())
# Refused as the case stands, or as what was sent does not fit it.
_TELLING = frozenset({409, 422})
_ZIP = b"PK\x03\x04"

# One statement for all cases of an answer. As what they are seen is the grant's to say; a case
# that is shown for a purpose of the service, as to whoever reviews an emergency, has none.
_KEEP = f"""INSERT INTO "workflow_look"
    (case_id, authority_id, person_id, organisation_id, role, capacity, act, page, fields, way, at)
WITH seen (case_id, authority_id) AS (
    SELECT * FROM unnest(%(cases)s::bigint[], %(authorities)s::bigint[])
    UNION SELECT id, authority_id FROM workflow_case WHERE token = ANY (%(tokens)s)
)
SELECT seen.case_id, seen.authority_id, %(person)s, held.organisation_id, coalesce(held.role, ''),
    coalesce(given.capacity, ''),
    CASE WHEN seen.case_id = ANY (%(asked)s) THEN %(act)s ELSE '' END, %(page)s,
    CASE WHEN seen.case_id = ANY (%(opened)s) THEN '{Look.Fields.CONTENT}'
        WHEN seen.case_id = ANY (%(asked)s) THEN '{Look.Fields.RECORD}'
        ELSE '{Look.Fields.LISTED}' END, %(way)s, %(at)s
FROM seen
LEFT JOIN LATERAL (
    SELECT capacity, coalesce(organisation_id, named_at_id) AS organisation_id FROM workflow_grant
    WHERE workflow_grant.case_id = seen.case_id AND {mine()}
    ORDER BY capacity = '{Capacity.EMERGENCY}', id LIMIT 1
) given ON true
LEFT JOIN LATERAL (
    SELECT organisation_id, role
    FROM unnest(%(bodies)s::bigint[], %(roles)s::text[], %(partners)s::boolean[])
        WITH ORDINALITY AS m (organisation_id, role, is_partner, place)
    WHERE m.organisation_id = coalesce(given.organisation_id, m.organisation_id)
    ORDER BY given.capacity IS DISTINCT FROM '{Capacity.PARTNER}' OR is_partner DESC, place LIMIT 1
) held ON true"""  # noqa: S608 - made of this program's own words alone

View = Callable[[HttpRequest], HttpResponseBase]


class GivenFile(HttpResponse):
    """A file as somebody gave it to a case: the answer shows that case alone.

    What stands in it was written by whoever made it, a reference of another case too, and it is
    neither searched nor unpacked: how much there is to unpack is theirs to say.
    """


def keeps_looks(get_response: View) -> View:
    """The middleware: no answer leaves before what it shows of cases is in the log."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        with shown.watching() as noted:
            answer = get_response(request)
            person = getattr(request, "user", None)
            if not noted.kept and isinstance(person, Person) and person.is_active:
                _keep_the_rest(person, request, answer, noted)
        return answer

    return respond


def keep(person: Person, request: HttpRequest, answer: HttpResponseBase) -> None:
    """What this answer shows of cases is in the log, in the transaction that made it.

    A transaction that will be rolled back keeps nothing: then the middleware does.
    """
    noted = shown.so_far()
    if connection.needs_rollback:
        return
    noted.kept = True
    if not 300 <= answer.status_code < 400:
        _write(person, request, noted, tokens_in(answer), way_of(answer))


def _keep_the_rest(
    person: Person, request: HttpRequest, answer: HttpResponseBase, noted: Shown
) -> None:
    failed = answer.status_code >= 500
    if not failed and answer.status_code >= 300 and not _tells_of_a_case(answer):
        return
    # A page that failed shows nothing, but a case was read for somebody all the same.
    found = set() if failed else tokens_in(answer)
    way = Look.Way.FAILED if failed else way_of(answer)
    if not (found or noted.asked):
        return
    try:
        with context.acting(person, on=clock.today()):
            _write(person, request, noted, found, way)
    except DatabaseError:
        if not failed:
            raise
        # Nothing was shown, and what made the page fail may be the database itself.
        log.exception("a page failed, and that it was asked for could not be written down")


def _tells_of_a_case(answer: HttpResponseBase) -> bool:
    """Whether a program is told, in a refusal, how a case stands that it may not change so."""
    return answer.status_code in _TELLING and way_of(answer) == Look.Way.API


def tokens_in(answer: HttpResponseBase) -> set[str]:
    """The tokens of cases that an answer names, wherever they stand in it."""
    if isinstance(answer, GivenFile):
        return set()
    body: Any = answer
    if body.streaming:
        # Sent in parts it could not be read first.
        body.streaming_content = kept = InAFile(body.streaming_content)
        return {token for line in kept.lines() for token in _tokens(line)}
    whole = body.content
    if whole.startswith(_ZIP):
        # A file of a spreadsheet is an archive.
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
            whole = b"\n".join(archive.read(name) for name in archive.namelist())
    return set(_tokens(whole))


def _tokens(text: bytes) -> Iterator[str]:
    return (found.decode().replace("-", "") for found in _TOKEN.findall(text))


def way_of(answer: HttpResponseBase) -> str:
    """In which form an answer shows what it shows."""
    kind = answer.headers.get("Content-Type", "")
    if kind.startswith("text/calendar"):
        return Look.Way.CALENDAR
    if answer.headers.get("Content-Disposition", "").startswith("attachment"):
        return Look.Way.FILE
    return Look.Way.PAGE if kind.startswith("text/html") else Look.Way.API


def _write(
    person: Person, request: HttpRequest, noted: Shown, tokens: Iterable[str], way: str
) -> None:
    """One row for each case, in one statement; none when there is no case."""
    known = [noted.loaded[token] for token in tokens if token in noted.loaded]
    others = [token for token in tokens if token not in noted.loaded]
    authorities = dict(noted.loaded.values())
    known += [(case, authorities[case]) for case in noted.asked if case in authorities]
    known = sorted(set(known))
    if not (known or others):
        return
    # The first that fits is taken: those by which cases are read stand before the others.
    held = sorted(
        person.memberships_on(clock.today()),
        key=lambda row: not roles.by_slug(row.role).reads_cases,
    )
    match = request.resolver_match
    values: dict[str, Any] = {
        "cases": [case for case, _ in known],
        "authorities": [authority for _, authority in known],
        "tokens": others,
        "person": person.pk,
        "asked": list(noted.asked),
        "act": next(iter(noted.asked.values()), ""),
        "opened": list(noted.opened),
        "page": match.view_name if match else "",
        "way": way,
        "at": clock.now(),
        "bodies": [row.organisation_id for row in held],
        "roles": [row.role for row in held],
        "partners": [row.role in PARTNERS for row in held],
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
