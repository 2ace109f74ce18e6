"""What holds for every answer to a program."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from workflow import clock
from workflow.access import context
from workflow.api.authentication import ByToken
from workflow.api.problems import Wrong, refuse
from workflow.api.rate import PerClient
from workflow.api.scopes import HoldsTheScope
from workflow.api.shapes import Shape
from workflow.audit import looks
from workflow.people.person import Person


class ApiView(APIView):
    """A view that is answered to a system with the scope it names.

    The answer is made to its last byte in one transaction, in which the database shows what the
    system's account may see; what it shows of cases is in the log of looks before it is sent.
    """

    authentication_classes: Sequence[type[BaseAuthentication]] = (ByToken,)
    permission_classes: Sequence[Any] = (HoldsTheScope,)
    throttle_classes = (PerClient,)
    http_method_names = ("get", "head", "post")
    scope: ClassVar[str] = ""
    # The names that its address may carry after the question mark.
    asked: ClassVar[tuple[str, ...]] = ()
    # What it answers when all is well: the status, the shape, and whether there is a tag.
    status: ClassVar[int] = 200
    told: ClassVar[Shape] = {}
    tagged: ClassVar[bool] = False
    # The name under which the description has its refusals.
    refused: ClassVar[str] = "Refused"
    # The kind of body that it reads, where it reads one.
    reads: ClassVar[str] = "application/json"
    sent: HttpRequest

    @classmethod
    def taken(cls) -> Shape:
        """The shape of the body that it reads."""
        return {}

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """The view; it opens its own transaction, after the request has been counted."""
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The answer, or a refusal with everything that is wrong."""
        self.args, self.kwargs, self.sent = args, kwargs, request
        self.headers = self.default_response_headers
        self.request = asked = self.initialize_request(request, *args, **kwargs)
        answer: Any
        try:
            self.initial(asked, *args, **kwargs)
            with transaction.atomic():
                answer = self._answered(asked, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - what is no refusal is raised again in there
            answer = self.handle_exception(error)
        return self.finalize_response(asked, answer, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks, whether they may, how often, and for nothing that is not there to ask for."""
        super().initial(request, *args, **kwargs)
        if request.method and request.method.lower() not in self._methods():
            self.http_method_not_allowed(request)
        if wrong := [*_repeated(request), *self._unknown(request)]:
            raise refuse(400, "The address asks for what is not there", *wrong)

    def _methods(self) -> set[str]:
        return {one.lower() for one in self.allowed_methods}

    def _answered(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        handler = getattr(self, (request.method or "").lower())
        person = request.user
        if isinstance(person, Person):
            context.enter(person, on=clock.today())
        answer = self.finalize_response(request, handler(request, *args, **kwargs), *args, **kwargs)
        if isinstance(answer, Response):
            answer.render()
        if isinstance(person, Person):
            looks.keep(person, self.sent, answer)
        return answer

    def _unknown(self, request: Request) -> list[Wrong]:
        known = ", ".join(self.asked) or "nothing"
        return [
            Wrong("query", name, "This address does not know it.", f"It may be asked for {known}.")
            for name in sorted(set(request.query_params) - set(self.asked))
        ]


def _repeated(request: Request) -> list[Wrong]:
    return [
        Wrong("query", name, "It is asked for more than once.", "Say it once.")
        for name, values in sorted(request.query_params.lists())
        if len(values) > 1
    ]
