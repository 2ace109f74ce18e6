"""The hostile corpus: not one is taken, and what is taken says nothing of who made it."""

import json
import re
import subprocess
import sys
import zipfile
from contextlib import ExitStack, suppress
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from notifications.attached import checking
from notifications.attached.checking import NotTaken, cleaned
from notifications.attached.cleaning import kinds, refused
from notifications.attached.cleaning.__main__ import MEMORY
from notifications.attached.words import REFUSED
from tests.notifications.documents import files, hostile
from tests.notifications.documents.hostile import carried

GOOD = {
    "pdf": files.pdf(),
    "docx": files.docx(),
    "png": files.png(),
    "jpeg": files.jpeg(),
    "text": "Minutes of Monday.\r\nNobody – “in England” – was named.\n".encode(),
}


def answered(content: bytes) -> str:
    """The word by which a file is refused, or as what it is taken."""
    try:
        return f"taken as {kinds.clean(content)[0]}"
    except refused.NotTaken as found:
        return found.why


def test_no_fault_has_left_the_corpus() -> None:
    assert len(hostile.every()) >= 300


@pytest.mark.parametrize("group", hostile.REFUSED)
def test_no_hostile_file_is_taken(group: str) -> None:
    otherwise = {}
    for name, content, why in hostile.refused(group):
        found = answered(content)
        if found not in ({why} if why else REFUSED):
            otherwise[name] = found
    assert otherwise == {}


@pytest.mark.parametrize("group", hostile.CARRIED)
def test_what_lies_in_a_good_file_does_not_come_along(group: str) -> None:
    came = {}
    for name, content, mark in hostile.carrying(group):
        assert any(mark in part for part in files.parts(content)), name
        with suppress(refused.NotTaken):
            came[name] = any(mark in part for part in files.parts(kinds.clean(content)[1]))
    # Where a file ends is told from its last bytes in two of the kinds.
    left = {name for name, *_ in hostile.carrying(group)} - set(came)
    assert {name for name in left if "behind its end" not in name} == set()
    assert [name for name, along in came.items() if along] == []


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_file_is_taken_by_its_content_and_says_nothing_of_its_maker(kind: str) -> None:
    found, content = kinds.clean(GOOD[kind])
    assert found == kind
    if kind == "docx":
        with zipfile.ZipFile(BytesIO(content)) as archive:
            assert not [name for name in archive.namelist() if name.startswith("docProps/")]
            assert b"What was said." in archive.read("word/document.xml")
    if kind == "pdf":
        with pikepdf.open(BytesIO(content)) as document:
            assert len(document.pages) == 1
    for part in files.parts(content):
        for said in (files.MAKER.encode(), b"Exif", b"Fallowfield"):
            assert said not in part
    # Cleaning what is clean changes nothing more.
    assert kinds.clean(content)[0] == kind


def test_an_address_in_a_word_document_is_no_instruction() -> None:
    said = 'HYPERLINK "https://example.org/link?database=import-dde" \\h'.replace('"', "&quot;")
    linked = f"<w:p><w:r><w:instrText>{said}</w:instrText></w:r></w:p>"
    assert kinds.clean(files.docx(linked))[0] == "docx"


def test_a_photograph_is_turned_as_it_was_held() -> None:
    with Image.open(BytesIO(kinds.clean(files.jpeg(60, 40))[1])) as upright:
        assert upright.size == (40, 60)
        assert not upright.getexif()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_a_picture_of_any_sort_of_colours_is_drawn_anew(mode: str) -> None:
    kind, content = kinds.clean(files.png(mode))
    assert kind == "png"
    assert Image.open(BytesIO(content)).size == (30, 20)


def test_a_photograph_that_holds_a_second_one_is_taken() -> None:
    kept = kinds.clean(carried.two_in_one())[1]
    with Image.open(BytesIO(kept)) as upright:
        assert (upright.format, upright.size) == ("JPEG", (60, 40))


@pytest.mark.parametrize(
    ("group", "name"),
    [
        ("archives", "docx that is a bomb"),
        ("pdfs that are none", "of noughts"),
        ("texts", "html"),
        ("pdfs with files", "with Screen"),
    ],
)
def test_the_process_that_reads_files_says_the_same(group: str, name: str) -> None:
    (content, why) = next(one[1:] for one in hostile.refused(group) if one[0] == name)
    with pytest.raises(NotTaken, match=re.escape(REFUSED[why])):
        cleaned(content)


@pytest.mark.parametrize("kind", GOOD)
def test_the_process_that_reads_files_knows_no_secret(
    kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started, real, known = tmp_path / "started", sys.executable, tmp_path / "known"
    started.write_text(f'#!/bin/sh\nenv > {known}\nexec {real} "$@"\n')
    started.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(started))
    monkeypatch.setenv("INVENTED_SECRET", "Zqsecret")
    assert cleaned(GOOD[kind]).kind.slug == kind
    names = {line.partition("=")[0] for line in known.read_text().splitlines()}
    # A shell says the last three itself.
    assert names - {"PWD", "SHLVL", "_"} == set(checking._ENVIRONMENT)


# What the reader of a file sees from where the file is read, in the place of reading it.
_SEEN = """
import json, os, resource, socket
import notifications.attached.cleaning.__main__ as reader
from notifications.attached.cleaning import kinds

def may(act):
    try:
        act()
    except OSError:
        return False
    return True

def clean(content):
    limits = ("AS", "CPU", "FSIZE", "CORE", "NOFILE", "NPROC")
    seen = {name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[1] for name in limits}
    seen["opens"] = may(lambda: open("/proc/self/environ"))
    seen["connects"] = may(lambda: socket.socket())
    seen["pipes"] = may(os.pipe)
    return "text", json.dumps(seen).encode()

kinds.clean = clean
reader.main()
"""


def test_the_process_that_reads_files_may_take_little_and_open_nothing() -> None:
    ran = subprocess.run(
        [sys.executable, "-s", "-c", _SEEN],
        env=checking._ENVIRONMENT, input=b"Minutes.", capture_output=True, check=True,
    )  # fmt: skip
    seen = json.loads(ran.stdout.partition(b"\n")[2])
    assert seen == {
        "AS": MEMORY, "CPU": 10, "FSIZE": 0, "CORE": 0, "NOFILE": 0, "NPROC": 0,
        "opens": False, "connects": False, "pipes": False,
    }  # fmt: skip


def test_a_reader_that_breaks_refuses_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(NotTaken, match="damaged"):
        cleaned(GOOD["text"])


@pytest.mark.parametrize(
    "said",
    [
        "echo minutes", "echo '[]'", "echo '{}'", """echo '{"why": "no such"}'""",
        """echo '{"why": []}'""", """echo '{"kind": "no such"}'; echo x""",
        """echo '{"kind": {}}'; echo x""", "head -c 100000 /dev/zero | tr '\\0' '['", "yes",
    ],
)  # fmt: skip
def test_a_reader_that_says_anything_is_believed_nothing(
    said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    taken_over = tmp_path / "taken-over"
    taken_over.write_text(f"#!/bin/sh\ncat > /dev/null\n{said}\n")
    taken_over.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(taken_over))
    with pytest.raises(NotTaken):
        cleaned(GOOD["text"])


def test_no_more_than_a_few_files_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "SECONDS", 0.05)
    with ExitStack() as others:
        for _ in range(checking.MOST_AT_ONCE):
            others.enter_context(checking._turns)
        with pytest.raises(NotTaken, match="Too many files are being read"):
            cleaned(GOOD["text"])
    monkeypatch.undo()
    assert cleaned(GOOD["text"]).kind.slug == "text"


def test_a_file_that_takes_too_long_is_not_called_damaged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as hurried:
        hurried.setattr(checking, "SECONDS", 0.001)
        with pytest.raises(NotTaken, match="takes too long"):
            cleaned(GOOD["text"])
    # As the kernel ends a process that has worked for its ten seconds.
    ended = tmp_path / "ended"
    ended.write_text("#!/bin/sh\nkill -XCPU $$\n")
    ended.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(ended))
    with pytest.raises(NotTaken, match="takes too long"):
        cleaned(GOOD["text"])


def test_a_file_that_takes_too_much_memory_is_not_called_damaged() -> None:
    lines = "import notifications.attached.cleaning.__main__ as m; m.MEMORY = 300 << 20; m.main()"
    ran = subprocess.run(
        [sys.executable, "-s", "-c", lines],
        env=checking._ENVIRONMENT,
        input=files.jpeg(7_000, 5_000),
        capture_output=True,
        check=True,
    )
    assert ran.stdout == b'{"why": "too_much"}\n'


def test_a_page_read_in_at_600_points_an_inch_is_taken() -> None:
    assert cleaned(files.jpeg(4_960, 7_016)).kind.slug == "jpeg"
