"""A worker that is to send through GOV.UK Notify starts only with what it needs for that."""

import pytest

from tests.deploy.test_starting import complete, manage
from tests.workflow.notify import fake


def problems(**changes: str) -> set[str]:
    """Which settings the start complains about."""
    done = manage("shell", "-c", "1", **complete(**{"MAIL_TRANSPORT": "notify", **changes}))
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("  - ")]
    return {line.split(":")[0].strip(" -") for line in lines}


def test_all_that_the_worker_needs_is_named_at_once() -> None:
    assert problems(DATABASE_ROLE="worker") == {"NOTIFY_API_KEY", "NOTIFY_TEMPLATE_ID"}


def test_a_web_process_needs_no_key() -> None:
    assert problems(DATABASE_ROLE="app") == set()


def test_what_is_unusable_is_named_and_a_key_is_not_shown() -> None:
    wrong = {
        "NOTIFY_API_KEY": "half-of-a-key",
        "NOTIFY_TEMPLATE_ID": "letter",
        "NOTIFY_BASE_URL": "http://notify.example",
        "NOTIFY_TIMEOUT_SECONDS": "0",
    }
    assert problems(DATABASE_ROLE="worker", **wrong) == set(wrong)
    settings = complete(MAIL_TRANSPORT="notify", DATABASE_ROLE="worker", **wrong)
    assert "half-of-a-key" not in manage("shell", "-c", "1", **settings).stderr
    assert problems(MAIL_TRANSPORT="pigeon") == {"MAIL_TRANSPORT"}


@pytest.mark.parametrize("place", ["https://notify.example", "http://127.0.0.1:6011"])
def test_a_worker_with_its_key_and_template_starts(place: str) -> None:
    usable = {
        "NOTIFY_API_KEY": fake.KEY,
        "NOTIFY_TEMPLATE_ID": fake.TEMPLATE,
        "NOTIFY_BASE_URL": place,
    }
    assert problems(DATABASE_ROLE="worker", **usable) == set()
