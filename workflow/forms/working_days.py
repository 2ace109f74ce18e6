"""What proclaiming a bank holiday asks."""

from workflow.deadlines.proclaiming import TITLE_LIMIT
from workflow.forms.dates import DateField
from workflow.forms.fields import TextField
from workflow.forms.form import GovukForm


class ProclaimForm(GovukForm):
    """The day, what it is for, and when it was proclaimed."""

    day = DateField(
        "Which day is the bank holiday?",
        hint="For example, {example}. It must be a working day until now.",
        called="the day of the bank holiday",
        short="Day",
        future=True,
    )
    title = TextField(
        "What is it for?",
        limit=TITLE_LIMIT,
        hint="It is shown wherever the day is passed over, for example “Bank holiday for the "
        "coronation”",
        called="what the bank holiday is for",
        short="What it is for",
    )
    proclaimed = DateField(
        "When was it proclaimed?",
        hint="For example, {example}. You find it on GOV.UK or in the London Gazette.",
        called="the date of the proclamation",
        short="Proclaimed",
        past=True,
    )
