"""The real clamd, with a signature of our own: what it calls harmful and clean, we understand."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pytest_django import Settings

from notifications.attached import scanner
from notifications.attached.cleaning import kinds
from notifications.attached.scanner import Fault, NoAnswer, Verdict
from tests import live
from tests.notifications.documents import clamd, files


@pytest.fixture
def real(tmp_path: Path, settings: Settings) -> Iterator[None]:
    """clamd listens on a port of this machine and takes a million bytes in one stream."""
    program = shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/opt/homebrew/sbin")
    if program is None:
        pytest.skip(live.NO_SCANNER)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    signatures = tmp_path / "signatures"
    signatures.mkdir(mode=0o755)
    lines = [f"Invented.Harm:0:*:{clamd.MARK.hex()}", f"Eicar.Test:0:*:{files.eicar().hex()}"]
    (signatures / "own.ndb").write_text("\n".join(lines) + "\n")
    config = tmp_path / "clamd.conf"
    config.write_text(
        f"Foreground yes\nTCPSocket {port}\nTCPAddr 127.0.0.1\nDatabaseDirectory {signatures}\n"
        f"StreamMaxLength 1M\nAlertExceedsMax yes\nTemporaryDirectory {tmp_path}\nUser root\n"
    )
    settings.CLAMD = f"tcp://127.0.0.1:{port}"
    with subprocess.Popen(
        [program, "--config-file", str(config)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _listens(port, process)
            yield
        finally:
            process.kill()


def _listens(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("clamd did not start")


def test_the_real_scanner_is_understood(real: None) -> None:
    for content in (files.pdf(), files.docx(), files.jpeg(), b"Minutes.", b"a" * 900_000):
        assert scanner.ask(kinds.clean(content)[1]) == Verdict.CLEAN
    assert scanner.ask(kinds.clean(b"Minutes. " + clamd.MARK)[1]) == Verdict.HARMFUL
    assert scanner.ask(kinds.clean(files.eicar())[1]) == Verdict.HARMFUL
    with pytest.raises(NoAnswer) as found:
        scanner.ask(b"a" * 3_000_000)
    assert found.value.fault == Fault.TOO_LARGE
