"""A page instead of a case that can't be read: its record was destroyed, or its key is away.

It says so in words, whichever page of the case was asked for.
"""

import logging
from datetime import date

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from workflow.access.policy import may
from workflow.machine.case import Case
from workflow.machine.refusals import RecordDestroyed
from workflow.people.person import Person
from workflow.sealed.errors import KeyDestroyedError, KeyMissingError

log = logging.getLogger(__name__)

UNREADABLE = (RecordDestroyed, KeyMissingError)
SAFE = ("GET", "HEAD", "OPTIONS")


def unreadable(request: HttpRequest, person: Person, fault: Exception, *, on: date) -> HttpResponse:
    """What happened to the record, and where its certificate is for whoever may read that.

    What a request that acts had begun is not kept.
    """
    ended = isinstance(fault, RecordDestroyed | KeyDestroyedError)
    if not ended:
        log.error("a case was asked for whose key is not in the key store")
    token = request.resolver_match.kwargs.get("token", "") if request.resolver_match else ""
    case = Case.objects.visible_to(person, on).filter(token=token).first() if token else None
    sees = case is not None and may(person, "view.retention", case, on)
    shown = {"case": case, "ended": ended, "certificate": sees and case and case.disposed_on}
    answer = render(request, "workflow/unreadable.html", shown, status=410 if ended else 503)
    if request.method not in SAFE and connection.in_atomic_block:
        transaction.set_rollback(True)
    return answer
