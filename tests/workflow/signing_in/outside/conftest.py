"""The provider, configured, and the cast of today."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.provider.running import BACK, Running, provider
from tests.story import Cast, cast
from tests.workflow.signing_in.outside.visits import SITE


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with provider(tmp_path_factory.mktemp("provider"), f"{SITE}{BACK}") as found:
        yield found


@pytest.fixture
def northmoor(running: Running, settings: Settings) -> Running:
    """The provider, configured, which tells the truth."""
    running.tells()
    settings.SITE_URL = SITE
    settings.SIGN_IN_PROVIDERS = (running.entry(),)
    return running


@pytest.fixture
def everyone(db: None) -> Cast:
    # Today: what the provider signs is dated by the real clock.
    return cast()
