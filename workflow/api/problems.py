"""How a program is refused: every field that is wrong at once, and what to do about each.

The form is that of RFC 9457. Nothing that was sent is repeated, and nothing tells a case that is
not yours from one that does not exist.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from rest_framework import exceptions

from workflow.machine.refusals import RecordDestroyed
from workflow.sealed.errors import KeyDestroyedError, KeyMissingError

KIND = "application/problem+json"
# What stands before an equals sign may be nothing at all, or nothing that is seen.
NAMELESS = "(no name)"
Where = Literal["header", "path", "query", "body", "method"]


@dataclass(frozen=True, slots=True)
class Wrong:
    """One field that is wrong: where it stands, its name, what is wrong, and what to do."""

    where: Where
    name: str
    detail: str
    remedy: str


class Refused(exceptions.APIException):
    """A refusal with everything that is wrong."""

    def __init__(
        self, status: int, title: str, wrong: Iterable[Wrong], headers: Mapping[str, str]
    ) -> None:
        super().__init__(title)
        self.status_code, self.title = status, title
        self.wrong, self.headers = tuple(wrong), dict(headers)


def refuse(
    status: int, title: str, *wrong: Wrong, headers: Mapping[str, str] | None = None
) -> Refused:
    """The refusal, to be raised."""
    return Refused(status, title, wrong, headers or {})


def problem(
    status: int, title: str, wrong: Iterable[Wrong] = (), headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The answer."""
    said = {"type": "about:blank", "title": title, "status": status, "errors": told(wrong)}
    return JsonResponse(said, status=status, content_type=KIND, headers=dict(headers or {}))


def told(wrong: Iterable[Wrong]) -> list[dict[str, str]]:
    """What is wrong, as it is written: each with a name that can be read, and each once."""
    named = {replace(one, name=one.name if one.name.strip() else NAMELESS): None for one in wrong}
    return [asdict(one) for one in named]


def not_found() -> HttpResponse:
    """The one answer for an address that leads nowhere, or nowhere for this system."""
    wrong = Wrong(
        "path",
        "address",
        "There is nothing at this address that your system may see.",
        "Check the reference and the path. Addresses have no slash at their end.",
    )
    return problem(404, "Not found", [wrong])


def destroyed() -> HttpResponse:
    """The answer about a case whose record has ended: nothing can be read or written there."""
    wrong = Wrong(
        "path",
        "address",
        "The record of this case was destroyed when the time for which it was kept was over.",
        "Take the reference out of your system’s list. The authority holds the certificate.",
    )
    return problem(410, "Gone", [wrong])


def unavailable() -> HttpResponse:
    """The answer while the database is away."""
    return problem(
        503, "The service is away for a while. Ask again later.", headers={"Retry-After": "120"}
    )


def failed() -> HttpResponse:
    """The answer to a fault of ours."""
    return problem(500, "There is a problem with the service. Ask again later.")


def bad_request() -> HttpResponse:
    """The answer to what could not be understood as a request at all."""
    wrong = Wrong(
        "header", "Host", "The request can’t be read.", "Send it to this service’s own address."
    )
    return problem(400, "Bad request", [wrong])


def answer_to(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """For the framework: the answer to what was raised; None for a fault, which goes on."""
    if isinstance(error, Refused):
        return problem(error.status_code, error.title, error.wrong, error.headers)
    if isinstance(error, Http404 | PermissionDenied | exceptions.NotFound):
        return not_found()
    if isinstance(error, RecordDestroyed | KeyMissingError):
        ended = isinstance(error, RecordDestroyed | KeyDestroyedError)
        return destroyed() if ended else unavailable()
    if isinstance(error, exceptions.MethodNotAllowed):
        return _method(context)
    if isinstance(error, exceptions.NotAcceptable):
        wrong = Wrong(
            "header", "Accept", "Answers are JSON alone.", "Send “Accept: application/json”."
        )
        return problem(406, "Not acceptable", [wrong])
    return None


def _method(context: dict[str, Any]) -> HttpResponse:
    allowed = ", ".join(context["view"].allowed_methods)
    wrong = Wrong(
        "method", "method", "This address does not take this method.", f"Use one of {allowed}."
    )
    return problem(405, "Method not allowed", [wrong], {"Allow": allowed})
