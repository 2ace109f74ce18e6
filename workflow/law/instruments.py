"""What the rules are taken from, and how to cite it.

A citation is `verified` when its words were read in the instrument or in a publication that
quotes it (`seen` says which). Words known but not read in a text at hand are kept with
`verified=False` and shown so wherever they are used.
"""

from dataclasses import dataclass
from typing import Literal

Binding = Literal["statute", "regulations", "guidance", "practice"]
Verb = Literal["must", "should", "is expected to"]
Lateness = Literal["statutory", "guidance", "service level"]

_VERBS: dict[Binding, Verb] = {
    "statute": "must",
    "regulations": "must",
    "guidance": "should",
    "practice": "is expected to",
}
_LATENESS: dict[Binding, Lateness] = {
    "statute": "statutory",
    "regulations": "statutory",
    "guidance": "guidance",
    "practice": "service level",
}


@dataclass(frozen=True, slots=True)
class Instrument:
    """An Act, regulations, guidance or practice; `binding` says which, and so how far it binds."""

    short: str
    title: str
    url: str
    binding: Binding

    def at(
        self,
        pinpoint: str,
        words: str,
        *,
        verified: bool = True,
        seen: str = "",
        quoted: bool = False,
    ) -> "Citation":
        """A citation of one place in this instrument; `quoted` when the words are verbatim."""
        return Citation(self, pinpoint, words, verified, seen, quoted)

    @property
    def verb(self) -> Verb:
        """The verb a rule from here carries on a screen."""
        return _VERBS[self.binding]

    @property
    def lateness(self) -> Lateness:
        """The kind of lateness that follows when a time limit from here is missed."""
        return _LATENESS[self.binding]


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in an instrument, with its words; `seen` is where they were read, if elsewhere."""

    instrument: Instrument
    pinpoint: str
    words: str
    verified: bool = True
    seen: str = ""
    quoted: bool = False

    @property
    def text(self) -> str:
        """The words, in quotation marks where they are verbatim and not a summary."""
        return f"\u201c{self.words}\u201d" if self.quoted else self.words

    @property
    def place(self) -> str:
        """The instrument and the place in it: "Children Act 2004, section 16C(1)"."""
        title = self.instrument.title
        return f"{title}, {self.pinpoint}" if self.pinpoint else title

    def __str__(self) -> str:
        """The place, and "(unverified)" after it where its words were not read."""
        return self.place if self.verified else f"{self.place} (unverified)"


CHILDREN_ACT_2004 = Instrument(
    "CA 2004",
    "Children Act 2004",
    "https://www.legislation.gov.uk/ukpga/2004/31",
    "statute",
)
CHILDREN_ACT_1989 = Instrument(
    "CA 1989",
    "Children Act 1989",
    "https://www.legislation.gov.uk/ukpga/1989/41",
    "statute",
)
BANKING_ACT_1971 = Instrument(
    "BFDA 1971",
    "Banking and Financial Dealings Act 1971",
    "https://www.legislation.gov.uk/ukpga/1971/80",
    "statute",
)
REGULATIONS_2018 = Instrument(
    "SI 2018/789",
    "Child Safeguarding Practice Review and Relevant Agency (England) Regulations 2018",
    "https://www.legislation.gov.uk/uksi/2018/789/made",
    "regulations",
)
REPRESENTATIONS_2006 = Instrument(
    "SI 2006/1738",
    "Children Act 1989 Representations Procedure (England) Regulations 2006",
    "https://www.legislation.gov.uk/uksi/2006/1738/made",
    "regulations",
)
WORKING_TOGETHER = Instrument(
    "WT 2023",
    "Working Together to Safeguard Children 2023",
    "https://www.gov.uk/government/publications/working-together-to-safeguard-children--2",
    "guidance",
)
GOVUK_REPORT = Instrument(
    "GOV.UK",
    "Report the death or serious harm of a child or care leaver (GOV.UK)",
    "https://www.gov.uk/guidance/report-a-serious-child-safeguarding-incident",
    "guidance",
)
DFE_STATISTICS = Instrument(
    "DfE statistics",
    "Serious incident notifications: methodology (Department for Education)",
    "https://explore-education-statistics.service.gov.uk/find-statistics/"
    "serious-incident-notifications",
    "guidance",
)
PANEL_GUIDANCE = Instrument(
    "Panel guidance",
    "Child Safeguarding Practice Review Panel guidance for safeguarding partners, June 2025",
    "https://www.gov.uk/government/organisations/child-safeguarding-practice-review-panel",
    "guidance",
)
PANEL_FAQ = Instrument(
    "Panel FAQs",
    "Child Safeguarding Practice Review Panel: frequently asked questions",
    "https://childsafeguarding.independent-panel.uk/about/faqs/",
    "guidance",
)
HANSARD = Instrument(
    "Hansard",
    "House of Lords debate on the Children and Social Work Bill, 18 October 2016",
    "https://parallelparliament.co.uk/lord/baroness-wheeler/debate/2016-10-18/lords/"
    "lords-chamber/children-and-social-work-bill-hl-3",
    "practice",
)
DEVON = Instrument(
    "Devon",
    "Devon Children and Families Partnership: rapid review process flowchart",
    "https://www.dcfp.org.uk/training-and-resources/child-safeguarding-practice-reviews/"
    "rapid-review-process-flowchart/",
    "practice",
)
SLOUGH = Instrument(
    "Slough",
    "Slough safeguarding partnership: practice reviews and serious incident notifications",
    "https://sloughsafeguardingpartnership.org.uk/",
    "practice",
)
KENT = Instrument(
    "Kent",
    "Kent Safeguarding Children Multi-agency Partnership: procedures",
    "https://www.kscmp.org.uk/",
    "practice",
)
TRAFFORD = Instrument(
    "Trafford",
    "Trafford partnership: note on coronavirus measures, 30 March 2020",
    "https://www.traffordsafeguardingpartnership.org.uk/",
    "practice",
)
CPA_CONSULTATION = Instrument(
    "CPA consultation",
    "Child Protection Authority: consultation, 11 December 2025 to 5 March 2026",
    "https://consult.education.gov.uk/",
    "practice",
)
UK_GDPR = Instrument(
    "UK GDPR",
    "UK General Data Protection Regulation",
    "https://www.legislation.gov.uk/eur/2016/679/contents",
    "statute",
)
NORTHUMBERLAND = Instrument(
    "R (C) v Northumberland",
    "R (C) v Northumberland County Council [2015] EWHC 2134 (Admin)",
    "https://www.bailii.org/ew/cases/EWHC/Admin/2015/2134.html",
    "practice",
)
IICSA = Instrument(
    "IICSA",
    "Independent Inquiry into Child Sexual Abuse: report, October 2022",
    "https://www.iicsa.org.uk/reports-recommendations/publications/inquiry/final-report.html",
    "practice",
)
THIS_SERVICE = Instrument(
    "This service",
    "This service’s own rule",
    "",
    "practice",
)

ALL = (
    CHILDREN_ACT_2004,
    CHILDREN_ACT_1989,
    BANKING_ACT_1971,
    REGULATIONS_2018,
    REPRESENTATIONS_2006,
    WORKING_TOGETHER,
    GOVUK_REPORT,
    DFE_STATISTICS,
    PANEL_GUIDANCE,
    PANEL_FAQ,
    HANSARD,
    DEVON,
    SLOUGH,
    KENT,
    TRAFFORD,
    CPA_CONSULTATION,
    UK_GDPR,
    NORTHUMBERLAND,
    IICSA,
    THIS_SERVICE,
)
