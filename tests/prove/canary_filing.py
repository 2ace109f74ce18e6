"""Telling of invented children on the service's own screens, over real connections."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from tests.notifications.answers import CHILD, PAGES, hidden
from tests.prove.canaries import Child
from tests.prove.network import NetworkBrowser

# To read a file in a process of its own takes as long as some pages do.
ATTACHED_EVERY = 5
WHY = "The hospital told of {}."


@dataclass
class Filer:
    """Files one notification after another until there is none left, or the time is over."""

    browser: NetworkBrowser
    done: Counter[str] = field(default_factory=Counter)

    def work(self, groups: Sequence[Sequence[Child]], until: float) -> Counter[str]:
        """What was done, in numbers; the first group is filed however late it is."""
        for number, children in enumerate(groups):
            if number and time.time() > until:
                break
            self.file(children)
        return self.done

    def file(self, children: Sequence[Child]) -> None:
        """A notification of these children is sent, read and corrected, with what goes wrong."""
        first = children[0]
        token = self.browser.open_case(f"{first.number:032x}")
        if not token:
            raise RuntimeError("A notification could not be started.")
        self._pages(token, first)
        for item, child in enumerate(children, 1):
            self._child(token, item, child)
        self._refused(token, first)
        self._seen("check", token)
        if not self.browser.send(token):
            raise RuntimeError("A notification could not be sent.")
        self._seen("read", token)
        names = self._names(token)
        if not all(child.word("f") in names for child in children):
            raise RuntimeError("What was sent could not be read.")
        self._corrected(token, first)
        if not self.done["cases"] % ATTACHED_EVERY:
            self._attached(token, first)
        self._signed_out(token, first)
        self.done["cases"] += 1
        self.done["children"] += len(children)

    def _pages(self, token: str, first: Child) -> None:
        of_this_case = {
            "description": {"description": f"{first.word('d')} was found hurt."},
            "safety": {"action": f"{first.word('e')} stays with an aunt."},
            "where": {"place": f"The garden of {first.word('p')}"},
            "awareness": {"how": WHY.format(first.word("w"))},
        }
        for page, typed in PAGES.items():
            if page != "basis":
                self._sent(
                    "page", {"token": token, "page": page}, typed | of_this_case.get(page, {})
                )

    def _child(self, token: str, item: int, child: Child) -> None:
        own = child.pages()
        for page, typed in CHILD.items():
            where: dict[str, Any] = {"token": token, "section": "children"}
            name = "item-add"
            if page != "name":
                name = "item-page"
                where |= {"item": item, "page": page}
            self._sent(name, where, own.get(page, typed))

    def _refused(self, token: str, child: Child) -> None:
        """A page that can't be so is shown again, with what was typed."""
        typed = child.pages()["birth"] | {"born_on-month": "13", "born_on-year": "2011"}
        where = {"token": token, "section": "children", "item": 1, "page": "birth"}
        path = reverse("notifications:item-page", kwargs=where)
        self._asked(path, typed | {"version": "1"}, status=200)
        self._asked(path, child.pages()["birth"] | {"version": "2"}, status=302)

    def _corrected(self, token: str, child: Child) -> None:
        """Other names are corrected, with a reason that names the child."""
        where = {"token": token, "page": "name", "item": "1"}
        typed = child.pages()["name"] | {"others": child.word("n")}
        typed |= {"version": "1", "reason": WHY.format(child.word("r"))}
        self._asked(reverse("notifications:amend-item", kwargs=where), typed, status=302)

    def _attached(self, token: str, child: Child) -> None:
        """A document that is called by the child's name and tells of it is held in the case."""
        path = reverse("notifications:document-attach", kwargs={"token": token})
        said = {"about": f"A letter about {child.word('b')}"}
        told = f"Minutes about {child.word('c')}, born {child.born_on.isoformat()}."
        if self.browser.attach(path, said, f"{child.word('l')}.txt", told) != 302:
            raise RuntimeError("A document could not be attached.")
        self.done["requests"] += 1
        self.done["documents"] += 1

    def _signed_out(self, token: str, child: Child) -> None:
        """What is sent after the session ended is kept for its person."""
        where = {"token": token, "page": "name", "item": "1"}
        path = reverse("notifications:amend-item", kwargs=where)
        typed = child.pages()["name"] | {"others": child.word("k"), "reason": child.word("r")}
        typed |= {"version": "2", "ticket": hidden(self.browser.get(path), "ticket")}
        mine = dict(self.browser.cookies)
        self.browser.cookies.pop("sessionid")
        self.browser._ask("POST", path, self.browser._body(typed))
        self.browser.cookies.clear()
        self.browser.cookies.update(mine)
        self.done["requests"] += 1

    def _seen(self, name: str, token: str) -> None:
        self.done["requests"] += 1
        if not self.browser.get(reverse(f"notifications:{name}", kwargs={"token": token})):
            raise RuntimeError(f"There was no page {name}.")

    def _names(self, token: str) -> str:
        """The page of the children, with their names."""
        self.done["requests"] += 1
        path = reverse("notifications:children", kwargs={"token": token})
        return self.browser._ask("POST", path, self.browser._body({}))[2]

    def _sent(self, name: str, where: dict[str, Any], typed: dict[str, Any]) -> None:
        path = reverse(f"notifications:{name}", kwargs=where)
        self._asked(path, typed | {"version": "0"}, status=302)

    def _asked(self, path: str, typed: dict[str, Any], *, status: int) -> None:
        self.done["requests"] += 1
        answered, _ = self.browser.post(path, typed)
        if answered != status:
            raise RuntimeError(f"{path.split('/')[-2]} was answered with {answered}.")
