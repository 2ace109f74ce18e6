"""Reading what an address asks for, and naming all that is wrong with it at once."""

from collections.abc import Iterable, Mapping
from datetime import date

from rest_framework.request import Request

from workflow.api.problems import Wrong, refuse
from workflow.queues import Cursor

# Further words than this are not told one by one.
MOST = 20


class Asked:
    """What stands after the question mark; `finish` refuses when anything of it is wrong."""

    def __init__(self, request: Request) -> None:
        self._asked: Mapping[str, str] = request.query_params.dict()
        self._wrong: list[Wrong] = []

    def one_of(self, name: str, allowed: Iterable[str], default: str = "") -> str:
        """One of these words, or the default when it is not asked for."""
        said, known = self._asked.get(name), list(allowed)
        if said is None or said in known:
            return default if said is None else said
        words = ", ".join(known[:MOST])
        self._wrong.append(Wrong("query", name, "It is none of its words.", f"Say one of {words}."))
        return default

    def number(self, name: str) -> int | None:
        """A whole number from 1 on; None when it is not asked for."""
        said = self._asked.get(name)
        if said is None:
            return None
        if said.isascii() and said.isdecimal() and 0 < len(said) < 10 and int(said):
            return int(said)
        remedy = "Follow the address that the page before gave as “next”."
        self._wrong.append(Wrong("query", name, "It is no whole number from 1 on.", remedy))
        return None

    def position(self) -> Cursor | None:
        """A position in a list, from an address that another page gave."""
        after, before = self._asked.get("after"), self._asked.get("before")
        if after is not None and before is not None:
            self._wrong.append(_only_one())
            return None
        for name, said in (("after", after), ("before", before)):
            if said is not None:
                return self._cursor(name, said)
        return None

    def _cursor(self, name: str, said: str) -> Cursor | None:
        day, _, mark = said.partition(".")
        try:
            if len(day) == len("2026-01-01") and mark.isascii() and mark.isalnum():
                return Cursor(date.fromisoformat(day), mark, back=name == "before")
        except ValueError:
            pass
        remedy = "Follow the address that the page before gave as “next” or “previous”."
        self._wrong.append(Wrong("query", name, "It is no position in this list.", remedy))
        return None

    def finish(self) -> None:
        """Refuses with everything that was wrong; nothing when nothing was."""
        if self._wrong:
            raise refuse(400, "The address asks for what is not there", *self._wrong)


def _only_one() -> Wrong:
    return Wrong(
        "query", "before", "It is asked for together with “after”.", "Ask for one of the two."
    )
