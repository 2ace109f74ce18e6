"""An invented incident as it is told question by question. Its dates are counted from today."""

from datetime import date, timedelta

from tests.journeys.visitor import NOT_KNOWN, Said
from workflow import clock


def born() -> date:
    """When Child A was born."""
    return clock.today() - timedelta(days=1200)


NARRATIVE = (
    "Child A was taken to hospital with bruises to both arms. The explanation given does not fit "
    "the injuries. Child B was at home. This is an invented account."
)


def screening() -> Said:
    """Serious harm in the own area: the Panel must be notified."""
    return {
        "What happened to the child?": "Seriously harmed: not life-threatening",
        "Is abuse or neglect known or suspected?": "Suspected",
        "Where did the child die, or where was the child harmed?": "In our area",
        "How old was the child?": "Under 18",
    }


def awareness(aware: date) -> Said:
    """The day that starts the clock."""
    return {
        "When did the authority become aware of the incident?": aware,
        "At what time?": "9:30am",
        "Who told the authority?": "Accident and emergency",
        "How it became aware": "The hospital rang the duty team.",
    }


HARM: list[Said] = [
    {
        "What kinds of harm or suspected harm?": ["Physical abuse", "Neglect"],
        "Where did the harm come from?": "Inside the home",
        "Was there neglect before the incident?": NOT_KNOWN,
        "Was a weapon, poison or other substance used?": "No",
    },
    {"What happened?": NARRATIVE, "Have you finished this section?": "Yes"},
]
SINCE: list[Said] = [
    {
        "Is there a criminal investigation?": "Under investigation",
        "Is there a joint agency response?": NOT_KNOWN,
        "Is there media interest?": "No",
    },
    {
        "Are other children at risk?": "Yes",
        "What was done at once to keep children safe": "Child B stays with an aunt.",
    },
]


def pages(happened: date, told: date) -> dict[str, list[Said]]:
    """By task, what is answered on each of its pages, apart from the children and adults."""
    return {
        "Say why you are notifying": [
            {},
            {"Do the safeguarding partners agree that this should be notified?": "Yes"},
        ],
        "Give your contact details": [
            {"Job title": "Head of safeguarding", "Work telephone number": "01632 960001"}
        ],
        "Say when and where it happened": [
            {"When did the incident happen?": "On one day", "Date": happened, "Time": "11:15pm"},
            {"What kind of place was it?": "Family home", "Postcode": "ZZ1 1AA"},
        ],
        "Describe what happened": HARM,
        "Say what has been done since": SINCE,
        "Say who else has been told": [
            {"Who has been told of the incident?": ["Police investigation team"]},
            {
                "Police investigation team: date told": told,
                "Police investigation team: reference": "INV/1",
            },
            {"What else is under way?": ["Criminal proceedings"]},
        ],
    }


BACKGROUND: list[Said] = [
    {"What is the child’s ethnic group?": "White"},
    {"Which of these best describes the child’s background?": "White British"},
    {
        "What is the child’s religion?": NOT_KNOWN,
        "First language": "Welsh",
        "Is an interpreter needed?": "No",
        "What is the child’s immigration status?": "Not subject to immigration control",
    },
    {
        "Does the child have a disability?": ["No disability"],
        "Does the child have a physical health condition?": "None",
        "Does the child have a mental health condition?": "None",
    },
    {"Was the child at school?": "Below school age", "NHS number": "999 000 0018"},
    {
        "Where did the child normally live?": "In our area",
        "Address": "1 Invented Street",
        "Whom did the child live with?": "With one parent",
    },
    {
        "Was the child known to children’s social care?": "Before the incident only",
        "Was there a child in need plan?": "Never",
        "Was there a child protection plan?": "Never",
        "Was the child looked after?": "Never",
        "Is the child or young person a care leaver?": "No",
    },
    {
        "Was a section 47 enquiry open?": "No",
        "Was the family receiving early help?": "Yes",
        "Was the youth justice service involved?": "No",
        "Which agencies knew the child?": ["GP", "Hospital"],
    },
]


def child(born: date) -> list[Said]:
    """A child who is known, page by page."""
    return [
        {"First names": "Nia", "Last name": "Sample"},
        {
            "What part did this child have?": "The child who died or was harmed",
            "What happened to this child?": "Was harmed",
        },
        {
            "How is the child’s age known?": "Date of birth",
            "Date of birth": born,
            "What is the child’s sex?": "Female",
        },
        *BACKGROUND,
    ]
