"""The provider, started and stopped; and somebody's way through its pages."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from tests.live import PROJECT, wait_until_answering
from workflow.signing_in import asking
from workflow.signing_in.providers import Provider

CLIENT, SECRET = "the-service", "an invented secret: of the client"
BACK = "/account/with/northmoor/back/"


@dataclass(frozen=True)
class Running:
    """A running provider: its address, and the folder in which it is told to make trouble."""

    url: str
    folder: Path

    def entry(self, **more: Any) -> Provider:
        """How the service knows it."""
        known: dict[str, Any] = {
            "name": "northmoor",
            "title": "Northmoor Council",
            "organisation": "authority:9901",
            "issuer": self.url,
            "client_id": CLIENT,
            "client_secret": SECRET,
        }
        return Provider(**(known | more))

    def tells(self, **wrongly: Any) -> None:
        """From now on it tells this wrongly; with nothing, the truth."""
        (self.folder / "trouble.json").write_text(json.dumps(wrongly))
        asking.forget()

    def leads_back(self, address: str, who: str) -> str:
        """Somebody opens an address of the provider and says who they are: where it sends them."""
        browser = requests.Session()
        browser.trust_env = False
        answer = browser.get(address, allow_redirects=False)
        while answer.is_redirect or "Who are you?" in answer.text:
            if not answer.is_redirect:
                answer = browser.post(answer.url, {"who": who}, allow_redirects=False)
                continue
            leads_to = urljoin(answer.url, answer.headers["Location"])
            if not leads_to.startswith(self.url):
                parts = urlsplit(leads_to)
                return f"{parts.path}?{parts.query}"
            answer = browser.get(leads_to, allow_redirects=False)
        raise AssertionError((answer.status_code, answer.text[:2000]))


@contextmanager
def provider(folder: Path, *returns_to: str) -> Iterator[Running]:
    """A provider that sends people back to these addresses; then stopped."""
    log = folder / "log"
    with socket.socket() as listening, log.open("wb") as output:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        known = {
            "PROVIDER_FOLDER": str(folder),
            "PROVIDER_URL": url,
            "PROVIDER_CLIENT": CLIENT,
            "PROVIDER_SECRET": SECRET,
            "PROVIDER_RETURNS_TO": " ".join(returns_to),
        }
        handle = listening.fileno()
        gunicorn = [sys.executable, "-m", "gunicorn", "tests.provider.wsgi"]
        process = subprocess.Popen(
            [*gunicorn, "--bind", f"fd://{handle}", "--worker-tmp-dir", str(folder),
             "--no-control-socket"],
            cwd=PROJECT,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT)} | known,
            pass_fds=[handle],
            stdout=output,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            wait_until_answering(f"{url}/.well-known/jwks.json", process, log)
            with urllib.request.urlopen(f"{url}/.well-known/openid-configuration") as answer:
                assert json.load(answer)["issuer"] == url
            yield Running(url, folder)
        finally:
            process.terminate()
            process.wait(20)
