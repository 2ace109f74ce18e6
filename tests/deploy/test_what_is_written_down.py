"""What the launcher writes down stays whole, however many write at once."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.local import places


def test_facts_of_several_at_once_are_all_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, path in (("LOCAL", ""), ("LOGS", "logs"), ("RECORD", "places.json")):
        monkeypatch.setattr(places, name, tmp_path / path)
    with ThreadPoolExecutor(8) as several:
        list(several.map(lambda n: places.record(**{f"fact_{n}": n}), range(200)))
    assert places.recorded() == {f"fact_{n}": n for n in range(200)}


def test_a_file_that_several_write_at_once_is_one_of_theirs(tmp_path: Path) -> None:
    path = tmp_path / "here" / "written.json"
    with ThreadPoolExecutor(8) as several:
        list(several.map(lambda n: places.write_private(path, json.dumps([n] * 500)), range(200)))
    assert len(set(json.loads(path.read_text()))) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path], "What was unfinished was left."
