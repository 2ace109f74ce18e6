"""In the demo every message can be read on a page; anywhere else there is no such page."""

import importlib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from django.urls import clear_url_caches
from pytest_django import Settings

import config.urls
from tests.deploy.test_starting import complete, manage
from tests.templates.markup import Markup

WHERE = "/demo/mail/"


def received(folder: Path, number: int, subject: str = "A subject", body: str = "Words.\n") -> None:
    """A message as the demo's mail server keeps it."""
    message = EmailMessage()
    message["Subject"], message["To"] = subject, "somebody@northmoor.example"
    message.set_content(body)
    message.add_alternative(f"<p>Not this: {body}</p>", subtype="html")
    (folder / f"{number:05}-somebody@northmoor.example.eml").write_bytes(bytes(message))


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """The folder of a demo's mail, and its page."""
    settings.DEMO_MAIL = str(tmp_path)
    importlib.reload(config.urls)
    clear_url_caches()
    yield tmp_path
    settings.DEMO_MAIL = ""
    importlib.reload(config.urls)
    clear_url_caches()


@pytest.mark.django_db
def test_without_the_setting_there_is_no_page(client: Client) -> None:
    assert client.get(WHERE).status_code == 404


@pytest.mark.parametrize("wrong", [{"HTTPS": "1"}, {"HTTPS": "0", "OFFICIAL_SERVICE": "1"}])
def test_a_service_that_is_no_demo_does_not_start_with_it(wrong: dict[str, str]) -> None:
    done = manage("shell", "-c", "1", **complete(DEMO_MAIL="mail", **wrong))
    assert done.returncode == 1
    assert "DEMO_MAIL: shows every message to everyone" in done.stderr


@pytest.mark.django_db
def test_the_newest_message_comes_first_as_its_reader_sees_it(client: Client, folder: Path) -> None:
    received(folder, 1, "The first")
    received(folder, 2, "The second – with a dash", "One & two\nhttp://localhost:8000/home/\n")
    page = client.get(WHERE).content.decode()
    assert page.index("The second – with a dash") < page.index("The first")
    assert "One &amp; two<br>" in page
    assert 'href="http://localhost:8000/home/"' in page
    assert "somebody@northmoor.example" in Markup(page).one("main").text
    assert "Not this" not in page
    assert "There are 2 messages." in page


@pytest.mark.django_db
def test_a_message_is_shown_and_never_run(client: Client, folder: Path) -> None:
    received(folder, 1, "<b>Bold</b>", "<script>alert(1)</script>\njavascript:alert(1)\n")
    page = client.get(WHERE).content.decode()
    assert "&lt;b&gt;Bold" in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="javascript' not in page


@pytest.mark.django_db
def test_older_messages_are_on_the_next_page(client: Client, folder: Path) -> None:
    for number in range(1, 24):
        received(folder, number, f"Number {number:02}.")
    (folder / "no message.eml").write_text("Nothing")
    page = client.get(WHERE).content.decode()
    assert "Number 23." in page
    assert "Number 04." in page
    assert "Number 03." not in page
    assert "?before=4" in page
    page = client.get(WHERE, {"before": "4"}).content.decode()
    assert "Number 03." in page
    assert "Number 04." not in page
    assert "Number 03." not in client.get(WHERE, {"before": "x"}).content.decode()


@pytest.mark.django_db
def test_an_empty_folder_says_so(client: Client, folder: Path) -> None:
    assert "No message has arrived yet." in client.get(WHERE).content.decode()
    assert client.post(WHERE).status_code == 405
