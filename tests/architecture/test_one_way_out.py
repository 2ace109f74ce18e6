"""Whatever leaves the service leaves by one module, which asks whether it may."""

import ast

import pytest

from tests.architecture import tree

EGRESS = "workflow/egress.py"
# What can open a connection. The drivers of the database and of the broker are none of these.
OPENS = frozenset(
    [
        "aiohttp",
        "asyncio",
        "ftplib",
        "httpx",
        "imaplib",
        "nntplib",
        "paramiko",
        "poplib",
        "pycurl",
        "requests",
        "smtplib",
        "socket",
        "socketserver",
        "ssl",
        "telnetlib",
        "urllib3",
        "websocket",
        "websockets",
        "xmlrpc",
        "clamd",
        "boto3",
        "botocore",
    ]
)
OPENS_INSIDE = {"urllib.request", "http.client", "django.core.mail", "notifications_python_client"}
# They make messages, and send none.
SENDS_NOTHING = ("django.core.mail.message.", "django.core.mail.EmailMultiAlternatives")
# Names that only say what went wrong, or what came back, and what goes through the way out.
HARMLESS = {
    "workflow/outbox/notify.py": {
        "notifications_python_client.errors.APIError",
        "notifications_python_client.errors.HTTPError",
        "notifications_python_client.notifications.NotificationsAPIClient",
    },
    "workflow/outbox/transports.py": {
        "django.core.mail.backends.base.BaseEmailBackend",
        "django.core.mail.backends.smtp.EmailBackend",
        "django.core.mail.get_connection",
        "smtplib.SMTPException",
        "smtplib.SMTPRecipientsRefused",
        "smtplib.SMTPResponseException",
    },
    "workflow/signing_in/asking.py": {"requests.Response", "urllib3.exceptions.HTTPError"},
}
GUARDED = {
    "notifications/attached/scanner.py": "egress.connect(",
    "workflow/health/signs.py": "egress.connect(",
    "workflow/outbox/notify.py": "egress.guarded(",
    "workflow/outbox/transports.py": "egress.Post(",
    "workflow/signing_in/asking.py": "egress.session(",
    "workflow/webhooks/calling.py": "egress.connect_by_tls(",
}


def ways_out(code: ast.Module) -> set[str]:
    """What a file imports that can open a connection, however it is written."""
    found = set()
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            called = node.func.id if isinstance(node.func, ast.Name) else called
            if called in {"import_module", "__import__"}:
                found.add(str(node.args[0].value))
    return {one for one in found if _opens(one) and not one.startswith(SENDS_NOTHING)}


def _opens(name: str) -> bool:
    inside = any(name == one or name.startswith(f"{one}.") for one in OPENS_INSIDE)
    return inside or name.partition(".")[0] in OPENS


def test_nothing_but_the_way_out_opens_a_connection() -> None:
    found = {
        name: extra
        for path in tree.python_files("config", "notifications", "reviews", "workflow")
        if (name := tree.name_of(path)) != EGRESS
        and (extra := ways_out(tree.parsed(path)) - HARMLESS.get(name, set()))
    }
    assert found == {}


@pytest.mark.parametrize(("path", "asks"), GUARDED.items())
def test_whoever_has_something_to_send_asks_the_way_out(path: str, asks: str) -> None:
    assert asks in (tree.PROJECT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "written",
    [
        "import socket",
        "from urllib import request",
        "import urllib.request",
        "from http.client import HTTPSConnection",
        "from requests import get",
        "import importlib; importlib.import_module('smtplib')",
        "__import__('httpx')",
        "from django.core.mail import send_mail",
    ],
)
def test_a_way_of_its_own_is_found(written: str) -> None:
    assert ways_out(ast.parse(written))
