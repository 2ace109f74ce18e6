"""The command that measures."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from tests.bench import __main__ as bench
from tests.bench.lines import line

SHARED = ["bench", "ours", "limit", "peer", "unit", "ratio_to_limit", "ratio_to_peer", "goal"]


@pytest.fixture
def measuring(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Says which lines the paths print, in place of measuring them."""

    def paths(**met: bool) -> None:
        def run(name: str) -> Iterator[dict[str, Any]]:
            yield line(name, ours=2, limit=1, peer=8, unit="ms", goal={}, ok=met[name])

        monkeypatch.setattr(bench, "PATHS", {name: name for name in met})
        monkeypatch.setattr(bench, "start", lambda: None)
        monkeypatch.setattr(
            bench, "import_module", lambda name: SimpleNamespace(run=lambda: run(name))
        )

    return paths


def test_each_path_prints_one_line_of_json(measuring: Any, capsys: Any) -> None:
    measuring(one=True, two=True)
    assert bench.main([]) == 0
    lines = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert [each["bench"] for each in lines] == ["one", "two"]
    assert list(lines[0]) == [*SHARED, "ok"]
    assert (lines[0]["ratio_to_limit"], lines[0]["ratio_to_peer"]) == (2, 4)


def test_a_missed_goal_fails_the_command_and_is_named(measuring: Any, capsys: Any) -> None:
    measuring(one=True, two=False)
    assert bench.main([]) == 1
    assert capsys.readouterr().err == "Goals missed: two\n"


def test_one_path_can_be_measured_alone(measuring: Any, capsys: Any) -> None:
    measuring(one=False, two=True)
    assert bench.main(["--only", "two"]) == 0
    assert "one" not in capsys.readouterr().out


def test_a_path_that_is_not_there_is_refused(capsys: Any) -> None:
    with pytest.raises(SystemExit):
        bench.main(["--only", "P99"])
    assert "P3-queue" in capsys.readouterr().err
