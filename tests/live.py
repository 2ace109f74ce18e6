"""The real service in a process of its own, and a real browser to use it with."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django import DjangoDbBlocker

from deploy.local import checks
from tests import databases

PROJECT = Path(__file__).resolve().parent.parent
NO_SCANNER = "No clamd: install Debian's package clamav-daemon."
NO_BROWSER = "No Chromium: install Debian's chromium-headless-shell, or set CHROMIUM to its path."


@dataclass(frozen=True)
class LiveService:
    """A running service: its address, and where its data, keys and mail are."""

    url: str
    database: str
    key_store: Path
    mail: Path
    log: Path
    blocker: DjangoDbBlocker

    @contextmanager
    def data(self) -> Iterator[None]:
        """Inside, models and services of this process work on the data that the pages show."""
        with (
            self.blocker.unblock(),
            databases.pointed_at(self.database),
            override_settings(KEY_STORE=self.key_store),
        ):
            yield


def in_database(address: str, name: str) -> str:
    """The same database address with another database name."""
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


def environment(database: str, folder: Path) -> dict[str, str]:
    """What the service is started with: as in production, but over plain http.

    It does not know the worker's address, so that no page's test is swept in the middle.
    """
    unknown = {"DATABASE_OWNER_URL", "DATABASE_WORKER_URL"}
    environment = {k: v for k, v in os.environ.items() if k not in unknown}
    environment |= {
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "DATABASE_ROLE": "app",
        "DATABASE_URL": in_database(os.environ["DATABASE_URL"], database),
        "DEBUG": "0",
        "EMAIL_URL": f"filemail:///{folder / 'mail'}",
        "HTTPS": "0",
        "KEY_STORE": str(folder / "keys"),
        "LOG_FORMAT": "plain",
    }
    return environment


def collected_in() -> Path:
    """Where the static files of this run lie, once they are collected."""
    return Path(tempfile.gettempdir()) / databases.name_for("static")


def collected() -> Path:
    """The static files of this run, which whoever comes first collects for all its services."""
    folder = collected_in()
    with Path(f"{folder}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = Path(f"{folder}.unfinished")
            env = environment("unused", unfinished) | {"STATIC_ROOT": str(unfinished)}
            manage = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
            subprocess.run(manage, cwd=PROJECT, env=env, check=True)
            unfinished.rename(folder)
    return folder


def forget_what_was_collected() -> None:
    """Nothing of it is left."""
    for left in (collected_in(), Path(f"{collected_in()}.unfinished")):
        shutil.rmtree(left, ignore_errors=True)
    Path(f"{collected_in()}.lock").unlink(missing_ok=True)


def wait_until_answering(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Returns when the service answers; fails with its log when it ends or takes 30 seconds."""
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"The service did not start:\n{log.read_text(encoding='utf-8')}")


@contextmanager
def running(
    database: str,
    folder: Path,
    blocker: DjangoDbBlocker,
    *,
    named: str = "localhost",
    **more: str,
) -> Iterator[LiveService]:
    """A service over this database, on a port that was free, with `more` settings; then stopped.

    Its own name for itself is `named`: by a name, and no number, browsers use security keys.
    """
    env = environment(database, folder) | {"STATIC_ROOT": str(collected())} | more
    for name in ("keys", "mail"):
        (folder / name).mkdir()
    log = folder / "log"
    with socket.socket() as listening, log.open("wb") as output:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        handle, port = listening.fileno(), listening.getsockname()[1]
        env.setdefault("SITE_URL", f"http://{named}:{port}")
        gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"fd://{handle}"]
        process = subprocess.Popen(
            [*gunicorn, "--threads", "4", "--worker-tmp-dir", str(folder), "--no-control-socket"],
            cwd=PROJECT,
            env=env,
            pass_fds=[handle],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            wait_until_answering(url, process, log)
            yield LiveService(url, database, folder / "keys", folder / "mail", log, blocker)
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def browsing() -> Iterator[Browser]:
    """A headless Chromium of the machine."""
    path = checks.browser()
    if path is None:
        pytest.skip(NO_BROWSER)
    # The browser's driver runs an event loop in this thread; the queries here are still ordinary.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@contextmanager
def a_page(browser: Browser, *, script: bool, width: int, height: int) -> Iterator[Page]:
    """A page of a new visitor; fails at the end when the content policy stopped anything."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=script, locale="en-GB"
    )
    page = context.new_page()
    refused: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            refused.append(message.text)

    page.on("console", note)
    yield page
    context.close()
    assert not refused, refused
