"""`manage.py load_reference`: the country as the product needs it."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from workflow.models import Code, Coverage, Organisation, OrganisationCode, Partnership
from workflow.people import reference, roles

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 1)


def run(**options: Any) -> str:
    told = StringIO()
    call_command("load_reference", stdout=told, stderr=StringIO(), **options)
    return told.getvalue()


def authority(code: str) -> Organisation:
    return Organisation.objects.get(dfe_code=code)


def gss(code: str, on: date) -> list[str]:
    found = []
    for row in OrganisationCode.objects.filter(organisation__dfe_code=code, scheme="gss"):
        begun = row.since is None or row.since <= on
        if begun and (row.until is None or on <= row.until):
            found.append(row.code)
    return found


def test_every_authority_of_today_is_there_with_its_region_code_force_and_board() -> None:
    run()
    current = Organisation.objects.of_kind(roles.AUTHORITY).current(TODAY)
    assert current.count() == 153
    assert len({place.region for place in current}) == 9
    for place in current:
        kinds = [
            row.organisation.kind
            for row in Coverage.objects.current(TODAY)
            .filter(authority=place, main=True)
            .select_related("organisation")
        ]
        assert sorted(kinds) == [roles.ICB, roles.POLICE], place
        assert len(gss(str(place.dfe_code), TODAY)) == 1, place
        assert place.region, place


@pytest.mark.parametrize("on", [date(2023, 6, 1), date(2026, 3, 31), date(2026, 4, 1)])
def test_every_authority_has_one_main_board_on_each_day_around_the_mergers(on: date) -> None:
    run()
    for place in Organisation.objects.of_kind(roles.AUTHORITY).current(on):
        boards = Coverage.objects.current(on).filter(
            authority=place, main=True, organisation__kind=roles.ICB
        )
        assert boards.count() == 1, place


def test_a_board_covers_nobody_on_a_day_it_does_not_exist() -> None:
    run()
    for row in Coverage.objects.select_related("organisation"):
        board = row.organisation
        assert board.since is None or board.since <= row.since, row
        assert board.until is None or (row.until is not None and row.until <= board.until), row


def test_an_authority_keeps_its_dfe_code_when_its_statistics_code_changes() -> None:
    run()
    assert gss("815", date(2023, 3, 31)) == ["E10000023"]
    assert gss("815", date(2023, 4, 1)) == ["E06000065"]
    assert gss("373", date(2025, 3, 31)) == ["E08000019"]
    assert gss("373", date(2025, 4, 1)) == ["E08000039"]


@pytest.mark.parametrize(
    ("code", "name", "last"),
    [
        ("928", "Northamptonshire", date(2021, 3, 31)),
        ("909", "Cumbria", date(2023, 3, 31)),
        ("835", "Dorset", date(2019, 3, 31)),
        ("836", "Poole", date(2019, 3, 31)),
        ("837", "Bournemouth", date(2019, 3, 31)),
    ],
)
def test_an_abolished_authority_is_there_up_to_its_last_day(
    code: str, name: str, last: date
) -> None:
    run()
    assert (authority(code).name, authority(code).until) == (name, last)
    assert authority(code) in Organisation.objects.current(last)
    assert authority(code) not in Organisation.objects.current(TODAY)


def test_the_forces_the_boards_and_the_national_bodies_are_there() -> None:
    run()
    of = Organisation.objects.of_kind
    assert of(roles.POLICE).count() == 39
    assert of(roles.ICB).current(date(2026, 3, 31)).count() == 42
    assert of(roles.ICB).current(date(2026, 4, 1)).count() == 36
    for key in ("panel", "dfe", "ofsted", "operator"):
        assert Organisation.objects.filter(key=key, kind=key).count() == 1


def test_every_code_names_its_source_and_its_licence() -> None:
    run()
    assert Code.objects.count() == len(list(reference.rows_of("codes.csv")))
    assert not Code.objects.filter(source="").exists()
    assert set(Code.objects.values_list("licence", flat=True)) == {
        "Open Government Licence v3.0",
        "MIT",
    }


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("ethnicity", 20),
        ("disability", 13),
        ("cp_category", 5),
        ("legal_status", 13),
        ("placement", 27),
        ("raised_by", 22),
        ("primary_need", 10),
        ("harm_type", 22),
        ("panel_outcome", 9),
    ],
)
def test_a_list_is_whole(name: str, codes: int) -> None:
    run()
    assert Code.objects.filter(list=name).count() == codes


def test_every_list_is_offered_by_something() -> None:
    code = [
        path.read_text(encoding="utf-8")
        for room in ("workflow", "notifications", "reviews")
        for path in (Path(__file__).resolve().parents[3] / room).rglob("*.py")
    ]
    for name in {row["list"] for row in reference.rows_of("codes.csv")}:
        assert any(f'"{name}"' in text for text in code), name


def test_loading_again_changes_nothing_and_keeps_what_is_not_in_the_files() -> None:
    run()
    Organisation.objects.create(kind=roles.AUTHORITY, name="Northmoor", dfe_code="T1")
    Partnership.objects.create(name="Northmoor Partnership", since=TODAY)
    ids = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    loaded = reference.load()
    assert [(count.added, count.changed) for count in loaded.counts.values()] == [(0, 0)] * 7
    assert list(Organisation.objects.order_by("pk").values_list("pk", flat=True)) == ids


def test_a_row_that_strayed_is_brought_back() -> None:
    run()
    Organisation.objects.filter(dfe_code="805").update(name="Strayed")
    assert reference.load().of("local authorities").changed == 1
    assert authority("805").name == "Hartlepool"


def test_a_dry_run_counts_and_changes_nothing() -> None:
    told = run(dry_run=True)
    assert "local authorities: 158 (158 added, 0 changed, 0 as they were)" in told
    assert not Organisation.objects.exists()
    assert not Code.objects.exists()
