"""What every test can ask for.

The database of a test is a clone that it uses as the application's role. A test that commits,
or needs several connections, asks for `committing_db` and has a clone for itself. A test of the
pages in a browser asks for `live_service` and `page`.
"""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.management import call_command
from django.test import TestCase, TransactionTestCase
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker, Settings

from tests import databases, live, sight, spares
from tests.prove import running
from tests.templates import looking
from workflow.health.missing import behind_now, missing_now
from workflow.health.reading import kept
from workflow.people import reference

# Each takes up to minutes.
LONG = (
    "tests/prove/", "tests/journeys/", "tests/templates/test_every_page_in_a_browser.py",
    "tests/templates/test_routes.py",
    "tests/workflow/health/test_an_operators_bad_day.py",
)  # fmt: skip
NEVER_FLUSH = (
    "This test would empty the database afterwards, and the tables that may only be added to "
    "cannot be emptied. Ask for the fixture committing_db instead: a database of its own."
)


def pytest_configure() -> None:
    """Tests go over plain http, read static files where they lie, and hash passwords fast.

    A request that a test makes sees what the database shows to whoever asks, and no more. No test
    is refused for being slow: on a busy machine any of them may be.
    """
    hypothesis.settings.register_profile("untimed", deadline=None)
    hypothesis.settings.load_profile("untimed")
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = False
    # Whoever signs in without a second factor is not led away; the tests about it ask for it.
    settings.SECOND_FACTOR = "offered"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.WHITENOISE_AUTOREFRESH = True
    settings.MIDDLEWARE = ["tests.sight.shuts_eyes", *settings.MIDDLEWARE]
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    Argon2PasswordHasher.time_cost = 1
    Argon2PasswordHasher.memory_cost = 8
    Argon2PasswordHasher.parallelism = 1


def pytest_sessionstart(session: pytest.Session) -> None:
    """What a run that was killed left under the same number is not taken for this run's."""
    if not hasattr(session.config, "workerinput"):
        _forget()


def _forget() -> None:
    running.forget_the_pattern()
    looking.forget_what_was_seen()
    live.forget_what_was_collected()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two of a run's processes begin with the long tests, or the end would be to wait for those.

    Each process is given its share of the list in one piece; whoever comes to the end of their own
    takes of another's end.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.nodeid.startswith(LONG)]
    if workers > 1:
        short = [item for item in items if not item.nodeid.startswith(LONG)]
        half, share = len(long) // 2, max(len(items) // workers - len(long) // 2, 0)
        items[:] = [*long[:half], *short[:share], *long[half:], *short[share:]]


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was loaded for the tests is not looked through again for garbage, time after time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that asks for a flush fails before it starts."""
    marker = item.get_closest_marker("django_db")
    case = getattr(item, "cls", None)
    flushes = marker is not None and (
        bool(marker.args) or bool(marker.kwargs.keys() & {"transaction", "reset_sequences"})
    )
    if case is not None and issubclass(case, TransactionTestCase):
        flushes = flushes or not issubclass(case, TestCase)
    if flushes:
        pytest.fail(NEVER_FLUSH, pytrace=False)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The run's databases are gone once its last process ends."""
    if not hasattr(session.config, "workerinput"):
        databases.drop_all_of_this_run()
        _forget()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tests that had no browser, or no scanner, are announced where nobody can overlook them."""
    skipped = terminalreporter.stats.get("skipped", [])
    without = [report for report in skipped if live.NO_BROWSER in str(report.longrepr)]
    if without:
        terminalreporter.section("NO BROWSER", sep="!", red=True, bold=True)
        terminalreporter.line(f"{len(without)} browser tests DID NOT RUN. {live.NO_BROWSER}")
    if any(live.NO_SCANNER in str(report.longrepr) for report in skipped):
        terminalreporter.section("NO SCANNER", sep="!", red=True, bold=True)
        terminalreporter.line(f"The test of the real clamd DID NOT RUN. {live.NO_SCANNER}")


@pytest.fixture
def transactional_db() -> NoReturn:
    """Refused: see `committing_db`."""
    pytest.fail(NEVER_FLUSH, pytrace=False)


@pytest.fixture
def django_db_reset_sequences() -> NoReturn:
    """Refused: see `committing_db`."""
    pytest.fail(NEVER_FLUSH, pytrace=False)


@pytest.fixture(scope="session")
def live_server() -> NoReturn:
    """Refused: see `live_service`."""
    pytest.fail("Ask for live_service: the real server, in a process of its own.", pytrace=False)


@pytest.fixture(scope="session")
def template_database(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of the migrated database that clones are made of."""
    with django_db_blocker.unblock():
        return databases.build_template()


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The default connection goes, as the application's role, to this process's own clone."""
    name = databases.name_for(databases.worker_name())
    databases.clone(name, template_database)
    with django_db_blocker.unblock(), databases.pointed_at(name):
        # Tests decide for themselves when the database may be used.
        django_db_blocker.block()
        try:
            yield
        finally:
            django_db_blocker.restore()
    databases.drop(name)


@pytest.fixture(scope="session")
def stock(template_database: str) -> Iterator[spares.Stock]:
    """The clones of the template that this process's tests use up."""
    made = spares.Stock(template_database)
    yield made
    made.close()


@pytest.fixture
def committing_db(stock: spares.Stock, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database for this test alone, in which it may really commit; yields its name."""
    with django_db_blocker.unblock(), stock.own_copy() as name:
        yield name


@pytest.fixture
def demo_db(
    template_database: str, django_db_blocker: DjangoDbBlocker, settings: Settings
) -> Iterator[str]:
    """As `committing_db`, with the demo's cases told in it; they are told once in a run."""
    settings.KEY_STORE = databases.demo_keys()

    def told(building: str) -> None:
        databases.clone(building, template_database)
        with django_db_blocker.unblock(), databases.pointed_at(building):
            reference.load()
            with sight.shut():
                call_command("seed_demo", verbosity=0)

    demo = databases.built_once("demo", told)
    with django_db_blocker.unblock(), databases.own_copy(demo) as name:
        yield name


@pytest.fixture(autouse=True)
def key_store(settings: Settings, tmp_path: Path) -> Path:
    """The keys that a test makes are its own; yields the folder."""
    folder = tmp_path / "keys"
    folder.mkdir()
    settings.KEY_STORE, settings.KEY_COPIES = folder, []
    settings.AUDIT_KEY, settings.AUDIT_CHECKPOINTS = b"invented" * 4, tmp_path / "checkpoints"
    return folder


@pytest.fixture(autouse=True)
def nothing_known_of_health() -> Iterator[None]:
    """What one test saw of the service's health is not told on another's pages."""
    yield
    kept.forget()
    missing_now.forget()
    behind_now.forget()


@pytest.fixture(scope="module")
def live_service(
    template_database: str,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[live.LiveService]:
    """The real service, started once for the browser tests of a file: each has its own cast."""
    name = databases.name_for(f"{databases.worker_name()}_live")
    databases.clone(name, template_database)
    try:
        folder = tmp_path_factory.mktemp("live")
        with live.running(name, folder, django_db_blocker) as service:
            yield service
    finally:
        databases.drop(name)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium; where there is none the tests that need it are skipped, loudly."""
    with live.browsing() as started:
        yield started


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages, each of a visitor of its own: `open_page(script=False, width=320)`."""
    with ExitStack() as stack:

        def opened(*, script: bool = True, width: int = 1280, height: int = 900) -> Page:
            visitor = live.a_page(browser, script=script, width=width, height=height)
            return stack.enter_context(visitor)

        yield opened


@pytest.fixture
def page(open_page: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    """A page with script, or as an indirect parameter says: True with, False without."""
    return open_page(script=getattr(request, "param", True))
