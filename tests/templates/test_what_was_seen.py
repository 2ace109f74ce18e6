"""The processes of a run of the tests tell one another which pages were seen."""

from pathlib import Path

from tests.templates.looking import Parts, Seen


def test_a_page_is_new_to_the_first_and_to_whoever_finds_more_drawn_on_it(tmp_path: Path) -> None:
    one, other = (Seen(tmp_path / "pages") for _ in range(2))
    plain = Parts("<main><h1>A title</h1></main>").found
    more = Parts("<main><h1>Another</h1><p class='x'>Words</p></main>").found
    assert one.is_new("case", plain)
    assert not other.is_new("case", plain)
    assert other.is_new("case", more)
    assert not one.is_new("case", more)
    assert one.is_new("timeline", plain)


def test_only_the_last_walk_is_told_what_all_of_them_visited(tmp_path: Path) -> None:
    one, other = (Seen(tmp_path / "pages") for _ in range(2))
    one.is_new("case", {"a"})
    assert one.after("ada", of={"ada", "ben"}) is None
    other.is_new("timeline", {"b"})
    assert other.after("ben", of={"ada", "ben"}) == {"case", "timeline"}
