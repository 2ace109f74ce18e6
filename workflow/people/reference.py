"""Loading what the product needs to know of the country: authorities, forces, boards, codes.

Every row has a stable key, so loading twice changes nothing; a row that left the files stays in
the database, since old cases point to it.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import models, transaction

from workflow.people import roles
from workflow.people.codes import Code
from workflow.people.organisations import Coverage, Organisation, OrganisationCode

DATA = Path(__file__).parent / "data"
NATIONAL = (
    ("panel", roles.PANEL, "Child Safeguarding Practice Review Panel"),
    ("dfe", roles.DFE, "Department for Education"),
    ("ofsted", roles.OFSTED, "Ofsted"),
    ("operator", roles.OPERATOR, "Service operator"),
)


@dataclass
class Count:
    """How many rows of one kind were added, changed, and found as they should be."""

    added: int = 0
    changed: int = 0
    same: int = 0

    @property
    def total(self) -> int:
        """All rows looked at."""
        return self.added + self.changed + self.same


@dataclass
class Loaded:
    """What one run of the loader did, kind by kind, in order."""

    counts: dict[str, Count] = field(default_factory=dict)

    def of(self, kind: str) -> Count:
        """The count of one kind."""
        return self.counts.setdefault(kind, Count())


def load(*, dry_run: bool = False, tell: Callable[[str], None] = lambda _: None) -> Loaded:
    """Bring the database to what the files say, in one transaction; a dry run only counts."""
    loaded = Loaded()
    steps = (
        ("local authorities", _authorities),
        ("police forces", _police),
        ("integrated care boards", _boards),
        ("national bodies", _national),
        ("organisation codes", _organisation_codes),
        ("coverage", _coverage),
        ("codes", _codes),
    )
    with transaction.atomic():
        for kind, step in steps:
            tell(f"{kind} ...")
            step(loaded.of(kind))
        if dry_run:
            transaction.set_rollback(True)
    return loaded


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """The rows of one of the committed files."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _authorities(count: Count) -> None:
    _organisations(
        count,
        (
            {
                "key": f"authority:{row['dfe_code']}",
                "kind": roles.AUTHORITY,
                "name": row["name"],
                "dfe_code": row["dfe_code"],
                "region": row["region"],
                "since": _day(row["since"]),
                "until": _day(row["until"]),
            }
            for row in rows_of("local_authorities.csv")
        ),
    )


def _police(count: Count) -> None:
    _organisations(
        count,
        (
            {"key": f"police:{row['pfa_code']}", "kind": roles.POLICE, "name": row["name"]}
            for row in rows_of("police_forces.csv")
        ),
    )


def _boards(count: Count) -> None:
    _organisations(
        count,
        (
            {
                "key": f"icb:{row['key']}",
                "kind": roles.ICB,
                "name": row["name"],
                "since": _day(row["since"]),
                "until": _day(row["until"]),
            }
            for row in rows_of("integrated_care_boards.csv")
        ),
    )


def _national(count: Count) -> None:
    named = ({"key": key, "kind": kind, "name": name} for key, kind, name in NATIONAL)
    _organisations(count, named)


def _organisations(count: Count, wanted: Iterable[Mapping[str, Any]]) -> None:
    _bring(Organisation, count, wanted, by=("key",))


def _organisation_codes(count: Count) -> None:
    ids = _ids()
    wanted: list[dict[str, Any]] = [
        {
            "organisation_id": ids[f"authority:{row['dfe_code']}"],
            "scheme": OrganisationCode.GSS,
            "code": row["gss_code"],
            "since": _day(row["since"]),
            "until": _day(row["until"]),
        }
        for row in rows_of("local_authority_codes.csv")
    ]
    for row in rows_of("police_forces.csv"):
        organisation = ids[f"police:{row['pfa_code']}"]
        pfa = {"scheme": OrganisationCode.PFA, "code": row["pfa_code"]}
        wanted.append({"organisation_id": organisation, "since": None, "until": None, **pfa})
    for row in rows_of("integrated_care_boards.csv"):
        dates = {"since": _day(row["since"]), "until": _day(row["until"])}
        for scheme in (OrganisationCode.ODS, OrganisationCode.GSS):
            if code := row[f"{scheme}_code"]:
                named = {"organisation_id": ids[f"icb:{row['key']}"], "scheme": scheme}
                wanted.append({**named, "code": code, **dates})
    _bring(OrganisationCode, count, wanted, by=("organisation_id", "scheme", "code"))


def _coverage(count: Count) -> None:
    ids = _ids()
    wanted = (
        {
            "authority_id": ids[f"authority:{row['dfe_code']}"],
            "organisation_id": ids[row["organisation"]],
            "since": _day(row["since"]),
            "until": _day(row["until"]),
            "main": row["whole"] == "yes",
            "source": row["source"],
        }
        for row in rows_of("coverage.csv")
    )
    _bring(Coverage, count, wanted, by=("authority_id", "organisation_id", "since"))


def _codes(count: Count) -> None:
    wanted = (
        {
            **{name: row[name] for name in ("list", "code", "label", "group", "source", "licence")},
            "since": _day(row["since"]),
            "until": _day(row["until"]),
            "order": order,
        }
        for order, row in enumerate(rows_of("codes.csv"), start=1)
    )
    _bring(Code, count, wanted, by=("list", "code"))


def _bring(
    model: type[models.Model],
    count: Count,
    wanted: Iterable[Mapping[str, Any]],
    *,
    by: tuple[str, ...],
) -> None:
    """Add what is missing and change what differs, found by its key columns, in few queries."""
    manager: Any = model._meta.default_manager
    held = {tuple(getattr(row, name) for name in by): row for row in manager.all()}
    added, changed, columns = [], [], set()
    for values in wanted:
        row = held.get(tuple(values[name] for name in by))
        if row is None:
            added.append(model(**values))
            continue
        differing = {name for name, value in values.items() if getattr(row, name) != value}
        for name in differing:
            setattr(row, name, values[name])
        columns |= differing
        if differing:
            changed.append(row)
        else:
            count.same += 1
    manager.bulk_create(added)
    if changed:
        manager.bulk_update(changed, sorted(columns))
    count.added, count.changed = count.added + len(added), count.changed + len(changed)


def _ids() -> dict[str, int]:
    keyed = Organisation.objects.filter(key__isnull=False)
    return {str(key): pk for key, pk in keyed.values_list("key", "pk")}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
