"""Every connection that the service itself opens outwards is opened here, or not at all.

To the hosts that the operator's settings name, to those that an authority registered as its
webhooks, and to no others. A name is looked up once, every address found is looked at, and one of
them is connected to: a name that is looked up anew could answer otherwise (DNS rebinding). An
address inside a network, of the machine itself or of what a cloud tells its machines about
themselves is refused, unless the settings name it as such: written out as an address or as
`localhost`, by its name in PRIVATE_HOSTS, or as a webhook's in PRIVATE_WEBHOOKS. Source: OWASP
ASVS 5.0, 1.3.6.

The database and the broker are no hosts of this kind: their drivers connect to them.
"""

import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from requests import Session
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

LookUp = Callable[..., Iterable[Any]]
# Written in a setting it says itself that this machine is meant (RFC 6761, section 6.3).
THIS_MACHINE = "localhost"
# A connection, to whoever may not open one.
Line = socket.socket
_USUAL = {"http": 80, "https": 443, "tcp": 3310}
# Addresses of IPv6 that hold one of IPv4, and are not told as private by themselves: RFC 6052.
_NAT64 = 0x0064_FF9B << 96
# What not every Python counts among the addresses that lead inside: IPv4 in older clothes, the
# local form of NAT64, 6to4, sites, and where a cloud tells its machines about themselves.
_NEVER = tuple(
    ip_network(one)
    for one in (
        "::/96",
        "::ffff:0:0:0/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "fec0::/10",
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
    )
)
# What is connected to by TLS, and what is raised where its certificate is not good for its name.
Secure = ssl.SSLSocket
BadCertificate = ssl.SSLCertVerificationError


class NotAllowed(OSError):
    """Nothing was connected to; the words name the host and what the operator can do."""


def listed() -> set[tuple[str, int]]:
    """The hosts and ports that the settings name, each for one of the service's purposes."""
    # A way of sending that needs no server names none.
    found = {((settings.EMAIL_HOST or "").lower(), int(settings.EMAIL_PORT or 0))}
    if settings.MAIL_TRANSPORT == "notify":
        found = {_place(settings.NOTIFY_BASE_URL)}
    for provider in settings.SIGN_IN_PROVIDERS:
        found |= {_place(provider.issuer), *(_place(f"https://{one}") for one in provider.hosts)}
    if settings.CLAMD.startswith("tcp://"):
        found |= {_place(settings.CLAMD)}
    return found


def connect(
    host: str,
    port: int,
    *,
    seconds: float | None,
    look_up: LookUp | None = None,
    registered: bool = False,
) -> socket.socket:
    """A connection to one of the host's addresses, all of which may be connected to.

    `registered` for a host that an authority registered, and no setting names: then an address
    inside is meant by the operator's PRIVATE_WEBHOOKS alone, for that port, never by the name
    itself; and all its addresses together have the `seconds`.
    Raises NotAllowed for a host that is not listed or an address that is refused, else OSError.
    """
    name = host.lower().rstrip(".")
    if not registered and (name, port) not in listed():
        raise NotAllowed(f"{host}:{port} is not among the hosts that the settings name.")
    # In the module's own words each time, so that a test can stand in for the resolver.
    found = list((look_up or socket.getaddrinfo)(host, port, type=socket.SOCK_STREAM))
    if not found:
        raise OSError(f"{host} has no address.")
    _refuse_inside((name, port), found, registered=registered)
    fault: OSError | None = None
    each = seconds / len(found) if registered and seconds else seconds
    for family, kind, protocol, _, place in found:
        opened = socket.socket(family, kind, protocol)
        try:
            opened.settimeout(each)
            opened.connect(place)
        except OSError as refused:
            opened.close()
            fault = refused
        else:
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return opened
    raise fault or OSError(f"{host} has no address.")


def connect_here(path: str, *, seconds: float) -> Line:
    """A connection to a socket file of this machine, which leads no further. Raises OSError."""
    opened = Line(socket.AF_UNIX, socket.SOCK_STREAM)
    opened.settimeout(seconds)
    try:
        opened.connect(path)
    except OSError:
        opened.close()
        raise
    return opened


def connect_by_tls(host: str, port: int, *, until: float) -> Secure:
    """A connection to a host that an authority registered, with a certificate for that name.

    `until` is a moment of `time.monotonic`, however slowly the other end answers, and whoever
    answers for its name. Raises as `connect` does, BadCertificate, or TimeoutError.
    """
    found = _found(host, port, until=until)
    how: dict[str, Any] = {"look_up": lambda *asked, **more: found, "registered": True}
    context = ssl.create_default_context()
    plain = connect(host, port, seconds=_left(until), **how)
    try:
        line = context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
    except ValueError:
        plain.close()
        raise
    try:
        give(line, until=until)
        line.do_handshake()
    except OSError:
        line.close()
        raise
    return line


def _found(host: str, port: int, *, until: float) -> list[Any]:
    """What the one look-up finds, in time: the resolver has no limit that could be given to it."""
    answer: Future[list[Any]] = Future()

    def ask() -> None:
        try:
            answer.set_result(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except (OSError, ValueError) as fault:
            answer.set_exception(fault)

    # It ends by itself when the resolver gives up, and holds nothing until then.
    threading.Thread(target=ask, daemon=True).start()
    return answer.result(timeout=_left(until))


def give(line: socket.socket, *, until: float) -> None:
    """What is done next over a connection has what is left of its time; TimeoutError for none."""
    line.settimeout(_left(until))


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def session() -> Session:
    """A session of HTTP whose connections are opened here; nothing of the environment is sent."""
    return guarded(Session())


def guarded(made: Session) -> Session:
    """The same for a session that a package made."""
    # A proxy named in the environment would look names up in our place, and nobody listed it.
    made.trust_env = False
    for scheme in ("http://", "https://"):
        made.mount(scheme, _Adapter())
    return made


class Post(EmailBackend):
    """Django's own backend for SMTP, whose connections are opened here."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The session of SMTP."""
        return _SafeSmtp if self.use_ssl else _Smtp


def _place(address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    return parts.hostname or "", parts.port or _USUAL.get(parts.scheme, 0)


def _refuse_inside(named: tuple[str, int], found: Iterable[Any], *, registered: bool) -> None:
    """Raises NotAllowed for an address inside, unless a setting says that it is meant."""
    name, setting = named[0], "PRIVATE_WEBHOOKS" if registered else "PRIVATE_HOSTS"
    meant = name in settings.PRIVATE_HOSTS or _names_itself(name)
    if registered:
        # What the settings use themselves is private for their own purpose, or an authority could
        # have any port of the machine called that mail goes through.
        meant = named in settings.PRIVATE_WEBHOOKS
    for *_, place in found:
        if not (meant or _is_public(ip_address(str(place[0]).partition("%")[0]))):
            raise NotAllowed(
                f"{name} is at {place[0]}, which is no public address. If it is meant, "
                f"name the host in {setting}."
            )


def _is_public(found: IPv4Address | IPv6Address) -> bool:
    inside = found
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            inside = found.ipv4_mapped
        elif int(found) >> 32 == _NAT64 >> 32:
            inside = IPv4Address(int(found) & 0xFFFF_FFFF)
    public = inside.is_global and not inside.is_multicast
    return public and not any(inside in one for one in _NEVER)


def _names_itself(name: str) -> bool:
    if name == THIS_MACHINE:
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _seconds(timeout: Any) -> float | None:
    return timeout if isinstance(timeout, int | float) else None


class _Opens:
    """What opens a connection of HTTP in the package's place."""

    _dns_host: str
    port: int
    timeout: Any

    def _new_conn(self) -> socket.socket:
        try:
            return connect(self._dns_host, self.port, seconds=_seconds(self.timeout))
        except OSError as fault:
            raise NewConnectionError(self, str(fault)) from fault  # type: ignore[arg-type]


class _Http(_Opens, HTTPConnection):
    pass


class _Https(_Opens, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        raise NotAllowed("Nothing goes through a proxy.")


class _Smtp(smtplib.SMTP):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return connect(host, port, seconds=timeout)


class _SafeSmtp(smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        opened = connect(host, port, seconds=timeout)
        return self.context.wrap_socket(opened, server_hostname=host)
