"""Attaching the hostile corpus by the page itself, having it scanned, and asking for each back."""

import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pikepdf
import time_machine
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from notifications.attached import checking, scanner, scanning
from notifications.attached.checking import Cleaned
from notifications.attached.limits import KINDS
from notifications.models import AttachedDocument
from notifications.views import documents
from tests import databases
from tests.notifications.answers import errors
from tests.notifications.documents import clamd, files, hostile, sending
from tests.story import Cast, a_case, cast, moment
from workflow import clock
from workflow.models import Case

START = moment("2026-12-10", "09:30")
# A case holds twenty.
BATCH = 12
HUGE = 2 * 1024**3
REFUSED, HARMFUL = "refused", "harmful"
SAME = "holds the same file already"
State = AttachedDocument.State


@dataclass(frozen=True)
class File:
    """A file, what is to become of it, and what may not come along when it is taken."""

    name: str
    content: bytes
    fate: str = ""
    mark: bytes = b""


@dataclass
class Run:
    """What was seen so far, and what of it should not have been."""

    people: Cast
    fake: clamd.Clamd
    seen: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    hours: int = 0

    def browser(self) -> Client:
        """Somebody who may attach is signed in; what breaks is an answer, as for everybody."""
        client = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
        client.force_login(self.people.ada)
        return client

    def scan(self, **wrong: Any) -> int:
        """The worker takes a turn a day later, with something wrong at the scanner or nothing."""
        self.hours += 24
        usual = dict(vars(clamd.Clamd(self.fake.address)))
        vars(self.fake).update(usual | wrong | {"got": self.fake.got, "closed": False})
        later = START + timedelta(hours=self.hours)
        with databases.as_worker("service"), clock.told(later):
            return scanning.scan_due(seconds=60)


def attached(
    chance: Random, *, until: float, least: int, broken: str, whole: bool
) -> dict[str, Any]:
    """The figures of a run over the corpus, in an order that chance chose."""
    corpus = [*_corpus(), *_harmful()]
    chance.shuffle(corpus)
    corpus = _of_each_fate_first(corpus)
    with ExitStack() as stack:
        stack.enter_context(time_machine.travel(START, tick=False))
        fake = stack.enter_context(clamd.running())
        stack.enter_context(override_settings(CLAMD=fake.address))
        # What a reader may take is its ten seconds of work; on a busy machine these last longer.
        stack.enter_context(patch.object(checking, "SECONDS", 120))
        stack.enter_context(_broken(broken))
        run = Run(cast(), fake)
        _names(run, sending.NAMES if whole else chance.sample(sending.NAMES, 6))
        if whole:
            _huge(run)
        for at in range(0, len(corpus), BATCH):
            if time.monotonic() < until or at < least:
                _batch(run, corpus[at : at + BATCH], chance)
    return {
        "corpus": len(corpus),
        **{name: run.seen[name] for name in ("files", "refused", "given", "held", "harmful")},
        "memory_mb": {
            "pages": _own_peak_mb(),
            "reading": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        },
        "wrong": run.wrong.total(),
        "examples": [f"{number} x {what}" for what, number in run.wrong.most_common(20)],
    }


def _own_peak_mb() -> int:
    """The most that this process held.

    `getrusage` would say what the process that started it held, where that was more: Linux keeps
    the peak of whoever called `exec`.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) // 1024


def _of_each_fate_first(corpus: list[File]) -> list[File]:
    """The same files; however few of them a busy machine gets to, one is of each fate."""
    first = [
        next(one for one in corpus if one.fate == HARMFUL),
        next(one for one in corpus if one.fate == REFUSED),
        # Where a file ends is told from its last bytes in two of the kinds: not all are taken.
        next(one for one in corpus if one.mark and "behind its end" not in one.name),
    ]
    return [*first, *(one for one in corpus if all(one is not other for other in first))]


def _corpus() -> Iterator[File]:
    for group in hostile.REFUSED:
        for name, content, _ in hostile.refused(group):
            yield File(f"{group}: {name}", content, REFUSED)
    for group in hostile.CARRIED:
        for name, content, mark in hostile.carrying(group):
            yield File(f"{group}: {name}", content, mark=mark)


def _harmful() -> Iterator[File]:
    """What the scanner alone can tell."""
    said = clamd.MARK.decode()

    def change(document: Any) -> None:
        document.Root.Lang = pikepdf.String(said)

    for name, content in {
        "text": b"Minutes. " + clamd.MARK,
        "text in utf-16": f"Minutes. {said}".encode("utf-16"),
        "pdf": files.pdf(change),
    }.items():
        yield File(f"harmful {name}", content, HARMFUL)


def _batch(run: Run, some: list[File], chance: Random) -> None:
    """A case gets these; the scanner fails first, and then does not."""
    browser = run.browser()
    taken = _taken(run, browser, some)
    if not taken:
        return
    fault = chance.choice([name for name in clamd.FAULTS if name != "drips"])
    run.scan(**clamd.FAULTS[fault][0])
    for one, case, number in taken:
        run.seen["held"] += 1
        if _state(case, number) != State.HELD or _given(browser, case, number).status_code != 404:
            run.wrong[f"not held where the scanner {fault}: {one.name}"] += 1
    run.scan()
    for one, case, number in taken:
        _judge(run, one, case, number, _given(browser, case, number))


def _taken(run: Run, browser: Client, some: list[File]) -> list[tuple[File, Case, int]]:
    """Which of them are held now, each with its case and its number."""
    case, taken = _a_case(run), []
    for one in some:
        run.seen["files"] += 1
        answer = sending.sent(browser, case, one.content)
        if answer.status_code == 200 and SAME in " ".join(errors(answer)):
            # Without what may not come along two of them are the same.
            case = _a_case(run)
            answer = sending.sent(browser, case, one.content)
        if answer.status_code == 302:
            row = AttachedDocument.objects.filter(case=case).order_by("-number").first()
            assert row is not None
            taken.append((one, case, row.number))
        elif answer.status_code == 200 and errors(answer):
            run.seen["refused"] += 1
        else:
            run.wrong[f"answered {answer.status_code}: {one.name}"] += 1
    return taken


def _judge(run: Run, one: File, case: Case, number: int, answer: Any) -> None:
    """What was taken is harmful and gone, or is given as a file alone, without what lay in it."""
    state = _state(case, number)
    if one.fate == HARMFUL:
        run.seen["harmful"] += 1
        if state != State.REFUSED or answer.status_code != 404:
            run.wrong[f"harmful, and {state}: {one.name}"] += 1
        return
    if one.fate == REFUSED:
        run.wrong[f"taken: {one.name}"] += 1
    if (state, answer.status_code) != (State.CLEAN, 200):
        run.wrong[f"{state}, and answered {answer.status_code}: {one.name}"] += 1
        return
    run.seen["given"] += 1
    if answer.content not in run.fake.got:
        run.wrong[f"given, and never scanned: {one.name}"] += 1
    if one.mark and any(one.mark in part for part in files.parts(answer.content)):
        run.wrong[f"came along: {one.name}"] += 1
    alone = (
        answer["Content-Disposition"].startswith("attachment; "),
        answer["X-Content-Type-Options"] == "nosniff",
        answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'"),
        "no-store" in answer["Cache-Control"],
    )
    if not all(alone):
        run.wrong[f"not given as a file alone: {one.name}"] += 1


def _names(run: Run, names: Sequence[str]) -> None:
    """Whatever a file is called, it is held or refused, and is called so nowhere else."""
    case, browser = _a_case(run), run.browser()
    for number, name in enumerate(names):
        answer = sending.sent(browser, case, f"Minutes {number}.".encode(), name=name)
        # The longest is more than a part of a request may say of itself.
        if answer.status_code not in {200, 302, 400}:
            run.wrong[f"a name answered {answer.status_code}: {name[:40]!r}"] += 1
    run.scan()
    for row in AttachedDocument.objects.filter(case=case):
        given = _given(browser, case, row.number)
        called = f'attachment; filename="{case.reference}-document-{row.number}.txt"'
        if given.get("Content-Disposition", "") != called:
            run.wrong[f"a name was given back: {row.number}"] += 1


def _huge(run: Run) -> None:
    """Two gigabytes of nothing, of which no more is kept than one document may be."""
    answer = sending.sent(run.browser(), _a_case(run), b"", noughts=HUGE)
    if answer.status_code != 200 or "10 MB or smaller" not in " ".join(errors(answer)):
        run.wrong[f"two gigabytes answered {answer.status_code}"] += 1


def _a_case(run: Run) -> Case:
    return a_case(run.people, aware="2026-12-01").notified("2026-12-03").case


def _state(case: Case, number: int) -> str:
    return AttachedDocument.objects.values_list("state", flat=True).get(case=case, number=number)


def _given(browser: Client, case: Case, number: int) -> Any:
    return browser.get(reverse("notifications:document", args=[case.token, number]))


@contextmanager
def _broken(what: str) -> Iterator[None]:
    """Inside, this is broken."""

    def uncleaned(content: bytes) -> Cleaned:
        return Cleaned(KINDS["text"], content or b"-")

    def shown(content: bytes, **how: Any) -> HttpResponse:
        how["headers"] |= {"Content-Disposition": "inline"}
        return HttpResponse(content, **how)

    with ExitStack() as stack:
        if what == "uncleaned":
            stack.enter_context(patch.object(documents, "cleaned", uncleaned))
        elif what == "believing":
            told = patch.object(scanner, "_told", lambda answer, whole: scanner.Verdict.CLEAN)
            stack.enter_context(told)
        elif what == "inline":
            stack.enter_context(patch.object(documents, "GivenFile", shown))
        yield
