"""`manage.py load_partnerships FILE.csv`: every row, or none and every problem."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from workflow.models import Organisation, Partnership
from workflow.people import reference
from workflow.people.organisations import partnership_of

pytestmark = pytest.mark.django_db
HEADER = "name,since,until,authorities,icbs,police,education\n"
NORTH = "Invented North,2020-04-01,,805|806,QHM,E23000013,\n"
SOUTH = "Invented South,2020-04-01,,846,QNX,E23000033,Invented Trust\n"


@pytest.fixture(autouse=True)
def loaded() -> None:
    reference.load()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "partnerships.csv"


def load(file: Path, content: str | bytes, **options: Any) -> str:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    told = StringIO()
    call_command("load_partnerships", file, stdout=told, **options)
    return told.getvalue()


def refused(file: Path, content: str | bytes) -> str:
    with pytest.raises(CommandError) as refusal:
        load(file, content)
    assert not Partnership.objects.exists()
    return str(refusal.value)


def members(name: str) -> list[str]:
    found = Partnership.objects.get(name=name).members.all()
    return sorted(member.organisation.name for member in found)


def test_a_partnership_is_made_of_authorities_boards_forces_and_schools(file: Path) -> None:
    assert load(file, HEADER + NORTH + SOUTH) == "2 partnerships loaded.\n"
    assert members("Invented North") == [
        "Cleveland police",
        "Hartlepool",
        "Middlesbrough",
        "NHS North East and North Cumbria ICB",
    ]
    assert "Invented Trust" in members("Invented South")
    found = partnership_of(Organisation.objects.get(dfe_code="806"), on=date(2026, 4, 1))
    assert found is not None
    assert found.name == "Invented North"


@pytest.mark.parametrize(
    "content",
    [
        ("\ufeff" + HEADER + NORTH).encode(),
        (HEADER + NORTH).replace(",", ";").encode(),
        (HEADER + NORTH).replace("\n", "\r\n").encode(),
        (HEADER.replace("\n", "\r\n") + NORTH.replace("\n", "\r") + "\n\n,,,,,,\n").encode(),
        (HEADER + NORTH.replace("Invented North", '"Invented North"')).encode(),
        (HEADER.upper() + NORTH.replace("QHM", " qhm ")).encode(),
    ],
    ids=["byte order mark", "semicolons", "windows", "mixed lines", "quotes", "spaces"],
)
def test_a_file_as_spreadsheets_write_it_is_read(file: Path, content: bytes) -> None:
    load(file, content)
    assert len(members("Invented North")) == 4


def test_every_bad_row_is_told_with_its_line_and_none_is_loaded(file: Path) -> None:
    told = refused(
        file,
        HEADER
        + NORTH
        + ",2020-04-01,,846,QNX,E23000033,\n"
        + "Two,01/04/2020,,999,QNX,E23000033,\n"
        + "Three,2020-04-01,2019-01-01,821,,XX,\n"
        + "Four,2020-04-01,,909,QHM\n"
        + "Five,2024-04-01,,909,QHM,E23000002,\n",
    )
    assert told.splitlines() == [
        "Nothing was loaded:",
        "Line 3: the name is missing.",
        "Line 4: since must be a date like 2026-04-01, not 01/04/2020.",
        "Line 4: authorities: 999 is not known.",
        "Line 5: the last day is before the first day.",
        "Line 5: icbs is empty.",
        "Line 5: police: XX is not known.",
        "Line 6: 5 cells, not 7.",
        "Line 7: authorities: 909 (Cumbria) does not exist then.",
    ]


def test_missing_and_unknown_columns_are_told_together(file: Path) -> None:
    assert refused(file, "name,since,colour\nx,2020-04-01,red\n").splitlines()[1:] == [
        "Line 1: the column until is missing.",
        "Line 1: the column authorities is missing.",
        "Line 1: the column icbs is missing.",
        "Line 1: the column police is missing.",
        "Line 1: the column colour is not known.",
    ]


def test_one_authority_in_two_partnerships_at_a_time_is_refused(file: Path) -> None:
    twice = "Invented East,2021-04-01,,805,QHM,E23000013,\n"
    told = refused(file, HEADER + NORTH + twice)
    assert told.endswith("Line 3: Hartlepool is in Invented North at that time.")


def test_an_authority_may_move_to_another_partnership_later(file: Path) -> None:
    ended = NORTH.replace("2020-04-01,,", "2020-04-01,2024-03-31,")
    load(file, HEADER + ended + "Invented East,2024-04-01,,805,QHM,E23000013,\n")
    place = Organisation.objects.get(dfe_code="805")
    names = [partnership_of(place, on=day) for day in (date(2024, 3, 31), date(2024, 4, 1))]
    assert [str(name) for name in names] == ["Invented North", "Invented East"]


def test_the_same_partnership_twice_in_a_file_is_refused(file: Path) -> None:
    assert "Line 3: Invented North is also in line 2." in refused(file, HEADER + NORTH + NORTH)


def test_loading_the_same_file_again_changes_nothing(file: Path) -> None:
    load(file, HEADER + NORTH)
    before = list(Partnership.objects.values_list("pk", "members__pk").order_by("members__pk"))
    load(file, HEADER + NORTH)
    after = list(Partnership.objects.values_list("pk", "members__pk").order_by("members__pk"))
    assert before == after


def test_what_is_there_already_is_looked_at_too(file: Path) -> None:
    load(file, HEADER + NORTH)
    with pytest.raises(CommandError, match="Hartlepool is in Invented North"):
        load(file, HEADER + "Invented East,2021-04-01,,805,QHM,E23000013,\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the column name is missing"),
        (HEADER.encode(), "The file has no rows."),
        (HEADER.encode() + "Zoë".encode("latin-1"), "not UTF-8"),
        (HEADER.encode() + b'"open', "can’t be read as CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(
    file: Path, content: bytes, words: str
) -> None:
    assert words in refused(file, content)


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can’t be read: No such file"):
        call_command("load_partnerships", tmp_path / "none.csv")


def test_a_member_is_in_a_partnership_for_the_days_on_which_both_exist(file: Path) -> None:
    boards = "QM7|nhs-central-east-icb"
    load(file, HEADER + f"Invented Shire,2020-04-01,,919,{boards},E23000027,\n")
    found = Partnership.objects.get().members.filter(organisation__kind="icb").order_by("since")
    assert [(member.since, member.until) for member in found] == [
        (date(2022, 7, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), None),
    ]


def test_a_dry_run_checks_and_loads_nothing(file: Path) -> None:
    assert load(file, HEADER + NORTH, dry_run=True) == "1 partnerships can be loaded.\n"
    assert not Partnership.objects.exists()
