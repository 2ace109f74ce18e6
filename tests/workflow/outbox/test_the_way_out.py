"""What the service connects to: hosts that the settings name, at addresses that may be meant."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings
from requests import ConnectionError as NotConnected

from workflow import egress
from workflow.signing_in.providers import Provider

PUBLIC = "93.184.216.34"
PROVIDER = Provider("n", "N", "authority:9901", "https://login.example", "us", "secret")
# Inside a network, this machine, what a cloud tells its machines, shared, reserved, and the same in
# the clothes of IPv6.
REFUSED = [
    "10.0.0.5", "172.16.3.4", "192.168.1.1", "127.0.0.1", "0.0.0.0", "169.254.169.254",
    "100.64.0.1", "192.0.2.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1",
    "fd00:ec2::254", "::ffff:10.0.0.5", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "ff02::1",
    "fec0::1", "2002:a9fe:a9fe::1", "64:ff9b:1::1", "::7f00:1", "::ffff:0:7f00:1", "168.63.129.16",
    "192.0.0.192", "192.88.99.1",
]  # fmt: skip


def answers(*addresses: str, port: int = 443) -> Callable[..., list[Any]]:
    """A resolver that knows one answer, in the shape of the real one."""
    return lambda *asked, **how: [
        (
            socket.AF_INET6 if ":" in one else socket.AF_INET,
            socket.SOCK_STREAM, 6, "", (one, port, 0, 0) if ":" in one else (one, port),
        )
        for one in addresses
    ]  # fmt: skip


@pytest.fixture(autouse=True)
def configured(settings: Settings) -> None:
    settings.SIGN_IN_PROVIDERS = (PROVIDER,)
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example", 25
    settings.PRIVATE_HOSTS = frozenset()


@pytest.fixture
def listening() -> Iterator[int]:
    """A real server of this machine, which counts whoever came."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server.getsockname()[1]
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize("address", REFUSED)
def test_a_name_that_leads_inside_is_not_connected_to(address: str) -> None:
    for all_of_them in ([address], [PUBLIC, address]):
        with pytest.raises(egress.NotAllowed, match="name the host in PRIVATE_HOSTS"):
            egress.connect("login.example", 443, seconds=1, look_up=answers(*all_of_them))


@pytest.mark.parametrize("host", ["hooks.example", "localhost", "10.0.0.5", "login.example"])
def test_a_host_that_an_authority_registered_means_nothing_inside(host: str) -> None:
    for address in REFUSED:
        both = answers(PUBLIC, address)
        with pytest.raises(egress.NotAllowed, match="name the host in PRIVATE_WEBHOOKS"):
            egress.connect(host, 443, seconds=1, look_up=both, registered=True)


@pytest.mark.parametrize("transport", ["smtp", "notify"])
def test_a_private_host_is_nobodys_webhook_but_by_its_port_in_a_setting_of_its_own(
    settings: Settings, transport: str
) -> None:
    # One that was used for mail, is, or never was.
    settings.MAIL_TRANSPORT = transport
    settings.PRIVATE_HOSTS = frozenset({"mail.example", "login.example", "left.example"})
    how: Any = {"seconds": 1, "registered": True}
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        inside = answers("127.0.0.1", port=port)
        settings.PRIVATE_WEBHOOKS = frozenset({("hooks.example", port)})
        for host in ("mail.example", "Login.example", "left.example."):
            with pytest.raises(egress.NotAllowed, match="no public address"):
                egress.connect(host, port, look_up=inside, **how)
        with pytest.raises(egress.NotAllowed, match="no public address"):
            egress.connect("hooks.example", 443, look_up=inside, **how)
        with pytest.raises(egress.NotAllowed, match="not among"):
            egress.connect("hooks.example", port, seconds=1, look_up=inside)
        egress.connect("hooks.example", port, look_up=inside, **how).close()


def test_the_name_of_a_webhook_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def turns(*rest: Any, **how: Any) -> list[Any]:
        # Looked at it would be refused; asked a second time it would lead elsewhere.
        asked.append(rest)
        return answers("10.0.0.5" if len(asked) == 1 else "127.0.0.1")()

    monkeypatch.setattr(socket, "getaddrinfo", turns)
    with pytest.raises(egress.NotAllowed):
        egress.connect_by_tls("hooks.example", 443, until=time.monotonic() + 1)
    assert len(asked) == 1


def test_a_look_up_that_hangs_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    end = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *rest, **how: (end.wait(5), [])[1])
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        egress.connect_by_tls("hooks.example", 443, until=began + 0.1)
    assert time.monotonic() - began < 2
    end.set()


@pytest.mark.parametrize(
    ("host", "port"),
    [("login.example.evil.example", 443), ("login.example", 80), ("10.0.0.5", 443), ("", 443)],
)
def test_what_no_setting_names_is_not_looked_up(host: str, port: int) -> None:
    def asked(*rest: Any, **how: Any) -> list[Any]:
        raise AssertionError(rest)

    with pytest.raises(egress.NotAllowed, match="not among the hosts"):
        egress.connect(host, port, seconds=1, look_up=asked)


def test_a_name_in_the_setting_is_connected_to_at_the_address_that_was_looked_at(
    settings: Settings,
) -> None:
    asked: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "Mail.example", port
        settings.PRIVATE_HOSTS = frozenset({"mail.example"})

        def turns(*rest: Any, **how: Any) -> list[Any]:
            # Asked a second time it would lead elsewhere.
            asked.append(rest)
            return answers("127.0.0.1" if len(asked) == 1 else "127.0.0.9", port=port)()

        with egress.connect("mail.EXAMPLE", port, seconds=2, look_up=turns) as opened:
            assert opened.getpeername() == ("127.0.0.1", port)
            assert opened.gettimeout() == 2
    assert len(asked) == 1


def test_an_address_that_the_setting_writes_out_is_named_by_it(settings: Settings) -> None:
    for host in ("127.0.0.1", "localhost"):
        with socket.create_server(("127.0.0.1", 0)) as server:
            settings.EMAIL_HOST, settings.EMAIL_PORT = host, server.getsockname()[1]
            egress.connect(host, server.getsockname()[1], seconds=2).close()


def test_a_dead_address_is_passed_over_for_one_that_answers(settings: Settings) -> None:
    with socket.create_server(("127.0.0.2", 0)) as server:
        port = server.getsockname()[1]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example", port
        settings.PRIVATE_HOSTS = frozenset({"mail.example"})
        both = answers("127.0.0.1", "127.0.0.2", port=port)
        with egress.connect("mail.example", port, seconds=2, look_up=both) as opened:
            assert opened.getpeername()[0] == "127.0.0.2"


def test_http_and_smtp_go_by_it_and_by_nothing_else(
    settings: Settings, listening: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The names lead to a real server of this machine, to which nobody comes."""
    monkeypatch.setattr(socket, "getaddrinfo", answers("127.0.0.1", port=listening))
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{listening}")
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{listening}")
    here = f"https://login.example:{listening}"
    settings.SIGN_IN_PROVIDERS = (
        replace(PROVIDER, issuer=here),
        replace(PROVIDER, issuer=here.replace("https", "http")),
    )
    with egress.session() as web:
        for address in (here, here.replace("https", "http")):
            with pytest.raises(NotConnected, match="PRIVATE_HOSTS"):
                web.get(address, timeout=1)
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example", listening
    for safe in (False, True):
        post = egress.Post(host="mail.example", port=listening, use_ssl=safe, use_tls=False)
        with pytest.raises(egress.NotAllowed, match="PRIVATE_HOSTS"):
            post.open()


def test_a_page_is_fetched_from_a_host_that_is_named(settings: Settings) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write((self.headers["Host"] or "").encode())

        def log_message(self, *rest: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever).start()
        address = f"http://localhost:{server.server_port}"
        settings.SIGN_IN_PROVIDERS = (replace(PROVIDER, issuer=address),)
        with egress.session() as web:
            assert web.get(address, timeout=2).text == f"localhost:{server.server_port}"
        server.shutdown()
