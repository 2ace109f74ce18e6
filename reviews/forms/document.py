"""The rapid review as a document: its sections in the order in which the Panel reads them.

Source: the headings that local procedures give, after the Panel's guidance. The head of the
document and its sign-offs are not typed: they come from the case and from the partners.
"""

from datetime import date

from notifications.sections.document import Applies, Document, Items, Page, Section, read_by
from notifications.sections.lists import Lists
from notifications.sections.paper import Paper
from reviews.codes import Decision, decision_of
from reviews.forms import decision, findings, people
from reviews.forms.chapter import Chapter
from reviews.services.drafts import document_of
from reviews.services.reading import is_late
from workflow.machine.rapid_review import RapidReview

REVIEW = "The review"
CHILD = "The child and what happened"
LEARNED = "What was learned and done"
DECIDED = "The partners’ decision"
WHO = "Your safeguarding partners, the Panel and its secretariat read this."
NO_BLAME = "Do not name practitioners or say who is to blame."


def _if_decided(wanted: Decision) -> Applies:
    def applies(paper: Paper, _item: str) -> bool:
        chosen = paper.value("lcspr", "decision")
        return bool(chosen) and decision_of(str(chosen)) is wanted

    return applies


def _if_late(paper: Paper, _item: str) -> bool:
    return is_late(paper.case, on=paper.on)


def _chapter(
    slug: str, verb: str, title: str, form: type[Chapter], *, group: str, leave_out: str
) -> Section:
    """A section of one page of text, which says who reads it and what does not belong in it."""
    page = Page(slug, title, form, readers=read_by(f"{WHO} {leave_out}"))
    return Section(slug, verb, (page,), group=group)


def _local_decision() -> Section:
    readers = read_by(f"{WHO} Leave out what is in the chapters before.")
    pages = (
        Page("lcspr", "Local child safeguarding practice review", decision.Lcspr, readers=readers),
        Page("commissioned", "The review", decision.Commissioned, _if_decided(Decision.YES)),
        Page("declined", "Instead of a review", decision.Declined, _if_decided(Decision.NO)),
        Page(
            "undecided", "When you will decide", decision.Undecided, _if_decided(Decision.UNDECIDED)
        ),
    )
    return Section("decision", "Record the decision on an LCSPR", pages, group=DECIDED)


RAPID_REVIEW = Document(
    "Rapid review",
    (
        Section(
            "meeting",
            "Give the date of the meeting and the areas involved",
            (Page("meeting", "Meeting and areas", people.Meeting),),
            group=REVIEW,
        ),
        Section(
            "participants",
            "List who took part",
            (Page("participant", "Participant", people.Participant),),
            group=REVIEW,
            items=Items(
                "participant",
                "participants",
                least=1,
                hint="Professionals only. Do not list members of the family.",
            ),
        ),
        Section(
            "agencies",
            "List the agencies and whether they contributed",
            (Page("agency", "Agency", people.Contribution),),
            group=REVIEW,
            items=Items(
                "agency",
                "agencies",
                least=1,
                hint="Every agency that was asked, also one that has not contributed.",
            ),
        ),
        _chapter(
            "family",
            "Describe the child and family",
            "Child and family",
            findings.Family,
            group=CHILD,
            leave_out="Leave out addresses and what is in the notification.",
        ),
        _chapter(
            "summary",
            "Summarise the incident",
            "Summary of the incident",
            findings.Summary,
            group=CHILD,
            leave_out="Leave out injuries in more detail than is needed.",
        ),
        _chapter(
            "timeline",
            "Give the timeline",
            "Timeline",
            findings.Timeline,
            group=CHILD,
            leave_out="Leave out routine contacts that changed nothing.",
        ),
        _chapter(
            "involvement",
            "Describe each agency’s involvement",
            "Agencies’ involvement",
            findings.Involvement,
            group=CHILD,
            leave_out=NO_BLAME,
        ),
        _chapter(
            "practice",
            "Analyse key practice episodes",
            "Key practice episodes",
            findings.Practice,
            group=CHILD,
            leave_out=NO_BLAME,
        ),
        _chapter(
            "voice",
            "Tell the child’s experience",
            "The child’s voice",
            findings.Voice,
            group=CHILD,
            leave_out="Leave out what adults thought the child felt.",
        ),
        _chapter(
            "equality",
            "Analyse equality and racism",
            "Equality, racism and identity",
            findings.Equality,
            group=CHILD,
            leave_out="Do not just list characteristics: say what they changed.",
        ),
        _chapter(
            "good-practice",
            "Record good practice",
            "Good practice",
            findings.GoodPractice,
            group=LEARNED,
            leave_out="Do not name practitioners.",
        ),
        _chapter(
            "safety",
            "Record immediate safeguarding",
            "Immediate safeguarding",
            findings.Safety,
            group=LEARNED,
            leave_out="Leave out addresses of safe places.",
        ),
        _chapter(
            "learning",
            "Record learning and actions",
            "Learning and actions",
            findings.Learning,
            group=LEARNED,
            leave_out=NO_BLAME,
        ),
        _chapter(
            "themes",
            "Record recurrent themes",
            "Recurrent themes and earlier reviews",
            findings.Themes,
            group=LEARNED,
            leave_out="Do not name children.",
        ),
        _chapter(
            "parallel",
            "Record other proceedings",
            "Other proceedings",
            findings.Parallel,
            group=LEARNED,
            leave_out="Leave out evidence that is not public.",
        ),
        _chapter(
            "contact",
            "Record contact with the family",
            "Contact with the family",
            findings.FamilyContact,
            group=LEARNED,
            leave_out="Leave out contact details.",
        ),
        Section(
            "criteria",
            "Say whether the criteria are met",
            (
                Page(
                    "criteria",
                    "Criteria for a serious child safeguarding case",
                    decision.Criteria,
                    readers=read_by(WHO),
                ),
                Page(
                    "local-criteria",
                    "Criteria for a local review: regulation 11",
                    decision.LocalCriteria,
                    readers=read_by(WHO),
                ),
            ),
            group=DECIDED,
        ),
        _local_decision(),
        Section(
            "national",
            "Say whether you suggest a national review",
            (
                Page(
                    "national",
                    "National review",
                    decision.National,
                    readers=read_by(f"{WHO} The Panel alone decides on a national review."),
                ),
                Page("gaps", "Information gaps", decision.Gaps, readers=read_by(WHO)),
            ),
            group=DECIDED,
        ),
        Section(
            "lateness",
            "Give the reason for lateness",
            (
                Page(
                    "late", "Reason for lateness", decision.Lateness, _if_late, readers=read_by(WHO)
                ),
            ),
            group=DECIDED,
        ),
    ),
)


def paper_of(review: RapidReview, *, on: date) -> Paper:
    """The rapid review as far as it is filled in."""
    return Paper.read(review.case, RAPID_REVIEW, document_of(review), on=on, lists=Lists(on))


def sections_asked(paper: Paper) -> tuple[Section, ...]:
    """The sections that have something to ask as the answers stand."""
    return tuple(
        section for section in RAPID_REVIEW.sections if section.items or paper.leaves(section)
    )
