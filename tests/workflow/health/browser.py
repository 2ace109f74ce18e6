"""A visitor of the real service over HTTP, without a browser's weight."""

import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """Opens and sends pages of a service, and keeps its cookies."""

    def __init__(self, url: str) -> None:
        self.url = url
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def get(self, path: str) -> str:
        """The page, after every redirect."""
        with self._opener.open(f"{self.url}{path}", timeout=20) as answer:
            return str(answer.read().decode())

    def post(self, path: str, typed: dict[str, str]) -> tuple[str, str]:
        """Sends a form as its page offers it; where that led to, and what stood there."""
        found = CSRF.search(self.get(path))
        assert found, f"no form at {path}"
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": found[1], **typed}).encode()
        with self._opener.open(f"{self.url}{path}", body, timeout=20) as answer:
            return answer.geturl().removeprefix(self.url), answer.read().decode()

    def sign_in(self, email: str, password: str) -> None:
        """Signed in, or the test fails."""
        where, _ = self.post("/account/login/", {"login": email, "password": password})
        assert where == "/home/", where
