"""The hostile corpus: not one is taken, and what is taken says nothing of who made it."""

import re
import resource
import subprocess
import sys
import zipfile
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from notifications.attached.checking import NotTaken, cleaned
from notifications.attached.cleaning import kinds, refused
from notifications.attached.cleaning.__main__ import MEMORY
from notifications.attached.words import REFUSED
from tests.notifications.documents import corpus, files

CORPUS = corpus.every()
GOOD = {
    "pdf": files.pdf(),
    "docx": files.docx(),
    "png": files.png(),
    "jpeg": files.jpeg(),
    "text": "Minutes of Monday.\r\nNobody – “in England” – was named.\n".encode(),
}


def test_the_corpus_is_as_large_as_was_promised() -> None:
    assert len(CORPUS) >= 300


@pytest.mark.parametrize(
    ("content", "why"), [one[1:] for one in CORPUS], ids=[c[0] for c in CORPUS]
)
def test_no_hostile_file_is_taken(content: bytes, why: str) -> None:
    with pytest.raises(refused.NotTaken) as found:
        kinds.clean(content)
    assert found.value.why == (why or found.value.why)
    assert REFUSED[found.value.why].endswith(".")


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_file_is_taken_by_its_content_and_says_nothing_of_its_maker(kind: str) -> None:
    found, content = kinds.clean(GOOD[kind])
    assert found == kind
    held = [content]
    if kind == "docx":
        with zipfile.ZipFile(BytesIO(content)) as archive:
            held += [archive.read(name) for name in archive.namelist()]
            assert not [name for name in archive.namelist() if name.startswith("docProps/")]
        assert any(b"What was said." in part for part in held)
    if kind == "pdf":
        with pikepdf.open(BytesIO(content)) as document:
            assert len(document.pages) == 1
            held += [one.read_raw_bytes() for one in document.objects if hasattr(one, "Length")]
    for part in held:
        for said in (files.MAKER.encode(), b"Exif", b"Fallowfield"):
            assert said not in part
    # Cleaning what is clean changes nothing more.
    assert kinds.clean(content)[0] == kind


def test_a_photograph_is_turned_as_it_was_held() -> None:
    with Image.open(BytesIO(kinds.clean(files.jpeg(60, 40))[1])) as upright:
        assert upright.size == (40, 60)
        assert not upright.getexif()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_a_picture_of_any_sort_of_colours_is_drawn_anew(mode: str) -> None:
    kind, content = kinds.clean(files.png(mode))
    assert kind == "png"
    assert Image.open(BytesIO(content)).size == (30, 20)


def test_what_follows_a_picture_does_not_come_along() -> None:
    for whole in (files.jpeg(), files.png()):
        assert b"MZ-harm" not in kinds.clean(whole + b"MZ-harm" * 9)[1]


@pytest.mark.parametrize(
    "name", ["docx that is a bomb", "pdf of noughts", "html", "pdf with Screen"]
)
def test_the_process_that_reads_files_says_the_same(name: str) -> None:
    (content, why) = next(one[1:] for one in CORPUS if one[0] == name)
    with pytest.raises(NotTaken, match=re.escape(REFUSED[why])):
        cleaned(content)


def test_the_process_that_reads_files_knows_no_secret_and_may_take_little() -> None:
    found = cleaned(GOOD["docx"])
    assert found.kind.slug == "docx"
    lines = (
        "import os, resource, notifications.attached.cleaning.__main__ as m; m.limited();"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0], sorted(os.environ))"
    )
    from notifications.attached import checking  # noqa: PLC0415

    ran = subprocess.run(
        [sys.executable, "-s", "-c", lines],
        env=checking._ENVIRONMENT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.startswith(f"{MEMORY} ['LANG'")
    assert "MASTER_KEY" not in ran.stdout
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != MEMORY


def test_a_reader_that_breaks_refuses_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(NotTaken, match="damaged"):
        cleaned(GOOD["text"])
