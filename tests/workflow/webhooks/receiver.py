"""A system of an authority's that is called by TLS, and makes each mistake it is told to make."""

import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "hooks.northmoor.example"
OTHER = "elsewhere.example"
TAKEN = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"
SAYS = {
    "": TAKEN,
    "500": b"HTTP/1.1 500 Internal Server Error\r\n\r\n",
    "400": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "429": b"HTTP/1.1 429 Too Many Requests\r\n\r\n",
    "garbage": b"\x00\xff nothing that is HTTP\r\n\r\n",
    "endless": b"x" * 100_000,
    "nothing": b"",
    "informs": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + TAKEN,
    "informs, then 400": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad Request\r\n\r\n",
}


@dataclass
class Request:
    """One call, as it came."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What was taken, and what goes wrong with the next calls: "" is nothing."""

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    fault: str = ""
    connections: int = 0

    @property
    def address(self) -> str:
        """Where it is called."""
        return f"https://{HOST}:{self.port}/told?of=cases"


def _certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for a name that nobody but itself vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # Whatever day a test says it is.
        .not_valid_before(now - dt.timedelta(days=3650))
        .not_valid_after(now + dt.timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private


@contextmanager
def receiving(folder: Path) -> Iterator[tuple[Receiver, Path]]:
    """It listens; with it, the file of the certificates that are to be believed."""
    good, other = _certificate(folder, HOST), _certificate(folder, OTHER)
    trusted = folder / "trusted.pem"
    trusted.write_bytes(good[0].read_bytes() + other[0].read_bytes())
    receiver = Receiver()
    with socket.create_server(("127.0.0.1", 0)) as server:
        receiver.port = server.getsockname()[1]
        end = threading.Event()
        server.settimeout(0.05)
        thread = threading.Thread(target=_serve, args=(server, receiver, good, other, end))
        thread.start()
        try:
            yield receiver, trusted
        finally:
            end.set()
            thread.join()


def _serve(
    server: socket.socket,
    receiver: Receiver,
    good: tuple[Path, Path],
    other: tuple[Path, Path],
    end: threading.Event,
) -> None:
    while not end.is_set():
        with suppress(TimeoutError):
            plain, _ = server.accept()
            receiver.connections += 1
            chain = other if receiver.fault == "wrong name" else good
            with suppress(OSError), plain:
                _answer(plain, receiver, chain, end)


def _answer(
    plain: socket.socket, receiver: Receiver, chain: tuple[Path, Path], end: threading.Event
) -> None:
    plain.settimeout(2)
    if receiver.fault == "mute":
        end.wait(0.6)
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*chain)
    with context.wrap_socket(plain, server_side=True) as line:
        receiver.requests.append(_read(line))
        fault = receiver.fault
        if fault == "hang":
            end.wait(0.6)
        elif fault == "slow":
            for byte in TAKEN:
                line.sendall(bytes([byte]))
                time.sleep(0.1)
        elif fault == "redirect":
            to = f"HTTP/1.1 302 Found\r\nLocation: {receiver.address}&again=1\r\n\r\n"
            line.sendall(to.encode())
        else:
            line.sendall(SAYS[fault])


def _read(line: ssl.SSLSocket) -> Request:
    got = b""
    while b"\r\n\r\n" not in got:
        got += line.recv(4096)
    head, _, body = got.partition(b"\r\n\r\n")
    first, *rest = head.decode("ascii").split("\r\n")
    headers = dict(one.split(": ", 1) for one in rest)
    while len(body) < int(headers["Content-Length"]):
        body += line.recv(4096)
    return Request(first, headers, body)
