"""Questions in GOV.UK form: bound to typed values, refused in plain words, drawn by macros."""

from workflow.forms.choices import (
    CheckboxesField,
    Choice,
    RadiosField,
    SelectField,
    YesNoField,
)
from workflow.forms.dates import DateField
from workflow.forms.fields import (
    EmailField,
    GovukField,
    LongTextField,
    NameField,
    PhoneField,
    TextField,
    WholeNumberField,
)
from workflow.forms.files import FileField
from workflow.forms.form import GovukForm, Row
from workflow.forms.identifiers import NhsNumberField, PostcodeField, UpnField
from workflow.forms.times import (
    NoSingleMomentError,
    TimeField,
    london_instant,
    london_instants,
    london_words,
    short_time,
)
from workflow.forms.typed import NOT_KNOWN, NotKnown, Typed

__all__ = [
    "NOT_KNOWN",
    "CheckboxesField",
    "Choice",
    "DateField",
    "EmailField",
    "FileField",
    "GovukField",
    "GovukForm",
    "LongTextField",
    "NameField",
    "NhsNumberField",
    "NoSingleMomentError",
    "NotKnown",
    "PhoneField",
    "PostcodeField",
    "RadiosField",
    "Row",
    "SelectField",
    "TextField",
    "TimeField",
    "Typed",
    "UpnField",
    "WholeNumberField",
    "YesNoField",
    "london_instant",
    "london_instants",
    "london_words",
    "short_time",
]
