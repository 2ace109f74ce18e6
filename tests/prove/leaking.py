"""`python -m tests.prove.leaking PROGRAM ...`: the program, in which what was typed leaks.

That is on purpose, in the ways that LEAKS names: a search that is worth anything finds each.
"""

import logging
import os
import runpy
import sys
from collections.abc import Callable
from typing import Any

import django
from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest

VARIABLE = "LEAKS"


def main() -> None:
    """The program runs, with the leaks that were asked for."""
    django.setup()
    for name in os.environ[VARIABLE].split(","):
        LEAKS[name]()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _unsealed(kind: str) -> Callable[[], None]:
    """Columns of this kind are written as they are; it still looks as if they were sealed."""

    def build_in() -> None:
        from workflow.sealed import fields  # noqa: PLC0415 - Django comes first.
        from workflow.sealed.slot import Ciphertext  # noqa: PLC0415

        head, before, after = fields.HEADER, bytes(fields.NONCE_BYTES), bytes(fields.TAG_BYTES)

        def as_it_is(_: Any, __: Any, plain: bytes) -> Ciphertext:
            return Ciphertext(head + before + plain + after)

        def as_it_was(_: Any, __: Any, kept: bytes) -> bytes:
            return kept[len(head + before) : -len(after)]

        sealed: Any = getattr(fields, kind)
        sealed._encrypt, sealed._decrypt = as_it_is, as_it_was

    return build_in


def _with_each_form(leak: Callable[[HttpRequest], None]) -> Callable[[], None]:
    """The leak happens whenever a child's name was sent."""

    def build_in() -> None:
        handler: Any = BaseHandler
        answered = handler._get_response

        def answer(self: BaseHandler, request: HttpRequest) -> Any:
            answer = answered(self, request)
            if "family" in request.POST:
                leak(request)
            return answer

        handler._get_response = answer

    return build_in


def _a_line(request: HttpRequest) -> None:
    logging.getLogger("notifications").info("saved the page of %s", request.POST["family"])


def _a_session(request: HttpRequest) -> None:
    # So long that it is compressed: then it is told from what the cache holds.
    request.session["last_child"] = request.POST["family"] * 40


def _a_cache(request: HttpRequest) -> None:
    cache.set("last child", request.POST["given"])


def _a_task(request: HttpRequest) -> None:
    from config.celery import app  # noqa: PLC0415

    app.send_task("nobody.does.this", args=[request.POST["family"]], queue="nobody")


LEAKS: dict[str, Callable[[], None]] = {
    # The answers of a page; what a file holds.
    "column": _unsealed("SealedJSON"),
    "document": _unsealed("SealedBytes"),
    "log": _with_each_form(_a_line),
    "session": _with_each_form(_a_session),
    "cache": _with_each_form(_a_cache),
    "task": _with_each_form(_a_task),
}

if __name__ == "__main__":
    main()
