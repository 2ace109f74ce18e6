"""The demo's people: invented, one set for each authority, and the national ones."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from workflow.models import Coverage, Membership, Organisation, Partnership, PartnershipMember, Person

SINCE = date(2020, 1, 1)
PASSWORD = "invented-demo-passphrase"  # noqa: S105 - printed on the demo's own terminal
# Real authorities, by their Department for Education code; nothing told of them is real.
AUTHORITIES = (
    "330", "301", "380", "865", "916", "925", "815", "886", "352", "208", "873", "840", "909x", "938",
)
NAMES = (
    "Ada Fennimore", "Ben Okonjo-Vale", "Bea Thackery", "Lena Marchbanks", "Adam Quillfeather",
)  # fmt: skip
LOCAL = (
    ("notifier", ("la_notifier",)),
    ("approver", ("la_notifier", "la_approver")),
    ("business.unit", ("business_unit",)),
    ("partner", ("safeguarding_partner",)),
    ("administrator", ("la_administrator",)),
)
NATIONAL = (
    ("panel", "secretariat@panel.example", "Sol Winterbourne", ("panel_secretariat",)),
    ("panel", "deputy.secretariat@panel.example", "Sunniva Pell", ("panel_secretariat",)),
    ("panel", "reviewer@panel.example", "Priya Ashgrove", ("panel_member",)),
    ("panel", "chair@panel.example", "Petra Lindqvist", ("panel_chair",)),
    ("dfe", "receiver@department.example", "Dele Farthingale", ("dfe_receiver",)),
    ("dfe", "analyst@department.example", "Dara Middlemarch", ("dfe_analyst",)),
    ("ofsted", "observer@inspectorate.example", "Olu Penhaligon", ("ofsted_observer",)),
    ("operator", "deadlines@operator.example", "Sam Oakenshaw", ("deadline_administrator",)),
    ("operator", "auditor@operator.example", "Una Clearwater", ("auditor",)),
)
