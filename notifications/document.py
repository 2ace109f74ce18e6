"""The notification: its sections in the order of the task list."""

from notifications.pages import basis, care, child, incident, others
from notifications.recipients import readers_of
from notifications.sections import Document, Items, Page, Paper, Section
from workflow.audit.models import Event
from workflow.forms import NOT_KNOWN
from workflow.people.person import Person

BEFORE = "Why and when"
INCIDENT = "The incident"
PEOPLE = "The children and adults"
OTHERS = "Others involved"
LEAVE_OUT = (
    "Call the children Child A, Child B and so on. Do not write names, addresses or the names of "
    "staff here."
)


def _died(paper: Paper, item: str) -> bool:
    return bool(paper.value("basis", "happened") == "died")


def _outside(paper: Paper, item: str) -> bool:
    return bool(paper.value("basis", "place") == "outside_england")


def _late(paper: Paper, item: str) -> bool:
    # Answered before sending only, and kept with the notification afterwards.
    return ("late", "") in paper.rows


def _received(paper: Paper, item: str) -> bool:
    return ("received", "") in paper.rows


def _has_ethnic_group(paper: Paper, item: str) -> bool:
    group = paper.value("ethnic-group", "group", item)
    return group is not None and group is not NOT_KNOWN and group != ""


def _looked_after(paper: Paper, item: str) -> bool:
    return bool(paper.value("social-care", "looked_after", item) in care.AT_THE_TIME)


def _anyone_told(paper: Paper, item: str) -> bool:
    return bool(others.told(paper))


def sign(person: Person, paper: Paper) -> dict[str, list[str]]:
    """What is known of whoever fills it in: asked once, at sign-up.

    Who writes down what came by telephone is not whom the Panel may ask.
    """
    if _received(paper, ""):
        return {}
    return {"name": [person.name], "email": [person.email]}


WHY = Section(
    "why",
    "Say why you are notifying",
    (
        # What decides the duties: said once, and otherwise by "Say that something has changed".
        Page("basis", "Death or serious harm", basis.BasisForm, amendable=False, addable=True),
        Page(
            "status",
            "Looked after or care leaver",
            basis.StatusForm,
            _died,
            amendable=False,
            addable=True,
        ),
        Page("country", "Country", basis.CountryForm, _outside),
        Page("partners", "The safeguarding partners’ view", basis.PartnersForm),
    ),
    BEFORE,
)
AWARE = Section(
    "aware",
    "Say when the authority became aware",
    (
        Page("received", "How it was received", others.ReceivedForm, _received, amendable=False),
        Page("awareness", "When the authority became aware", incident.AwareForm),
    ),
    BEFORE,
)
CONTACT = Section(
    "contact",
    "Give your contact details",
    (Page("contact", "Whom the Panel may ask", basis.ContactForm, prefill=sign),),
    BEFORE,
)
WHEN_AND_WHERE = Section(
    "incident",
    "Say when and where it happened",
    (
        Page("when", "When it happened", incident.WhenForm),
        Page("where", "Where it happened", incident.WhereForm),
    ),
    INCIDENT,
)
WHAT = Section(
    "what",
    "Describe what happened",
    (
        Page("harm", "The harm", incident.HarmForm),
        Page("cause", "Cause of death", incident.CauseForm, _died),
        Page(
            "description",
            "What happened",
            incident.DescriptionForm,
            readers=lambda paper: readers_of(paper.case) + LEAVE_OUT,
        ),
    ),
    INCIDENT,
)
RESPONSE = Section(
    "response",
    "Say what has been done since",
    (
        Page("response", "Police, coroner and press", incident.ResponseForm),
        Page(
            "safety",
            "Keeping children safe",
            incident.SafetyForm,
            readers=lambda paper: readers_of(paper.case),
        ),
    ),
    INCIDENT,
)
CHILDREN = Section(
    "children",
    "Add each child",
    (
        Page("name", "Name", child.NameForm, identifying=True),
        Page("part", "What happened to this child", child.PartForm),
        Page("birth", "Age and sex", child.BirthForm, identifying=True),
        Page("ethnic-group", "Ethnic group", child.EthnicGroupForm),
        Page("ethnicity", "Ethnic background", child.EthnicityForm, _has_ethnic_group),
        Page("background", "Religion and language", child.BackgroundForm),
        Page("health", "Disability and health", care.HealthForm),
        Page("school", "School and identifiers", care.SchoolForm, identifying=True),
        Page("home", "Home", care.HomeForm, identifying=True),
        Page("social-care", "Social care", care.SocialCareForm),
        Page("care", "Care and placement", care.CareForm, _looked_after),
        Page("services", "Other services", care.ServicesForm),
    ),
    PEOPLE,
    items=Items(
        "child",
        "children",
        least=1,
        hint="Add every child who died or was harmed, and any other child concerned. Add a child "
        "even if nobody knows yet who it is.",
    ),
)
ADULTS = Section(
    "adults",
    "Add family members and other adults",
    (
        Page("adult", "Who this is", others.AdultForm, identifying=True),
        Page("alleged", "Harm and known risks", others.AllegedForm),
    ),
    PEOPLE,
    items=Items(
        "adult",
        "adults",
        hint="Add parents, carers, others in the household, and anyone alleged or suspected to "
        "have caused harm, whatever their age.",
    ),
)
AGENCIES = Section(
    "agencies",
    "Say who else has been told",
    (
        Page("informed", "Who has been told", others.InformedForm),
        Page("informed-when", "When they were told", others.InformedWhenForm, _anyone_told),
        Page("other-processes", "What else is under way", others.ReviewsForm),
    ),
    OTHERS,
)
LATE = Section(
    "late",
    "Give the reason it is late",
    (Page("late", "Why it is sent after the date due", others.LateForm, _late, amendable=False),),
    OTHERS,
)

NOTIFICATION = Document(
    "Notification",
    (
        WHY,
        AWARE,
        CONTACT,
        WHEN_AND_WHERE,
        WHAT,
        RESPONSE,
        CHILDREN,
        ADULTS,
        AGENCIES,
        LATE,
    ),
)


def corrected_words(event: Event) -> str:
    """Of which child or adult, and which page, was added to or corrected: never what it says."""
    try:
        section, page = NOTIFICATION.section_of(event.payload["page"])
    except KeyError:
        # A page that is asked no longer.
        return ""
    item = event.payload["item"]
    of = f"{section.items.name(item)}, " if section.items and item else ""
    return f"{of}{page.title}."
