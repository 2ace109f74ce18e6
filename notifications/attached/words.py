"""What is said of a document: why it is not taken, why it waits, and what to do about either."""

from notifications.attached.cleaning import refused
from notifications.attached.limits import TAKEN
from notifications.attached.scanner import Fault
from workflow.audit.models import Event

AS_PDF = "Print it to a new PDF and attach that."
REFUSED = {
    refused.KIND: f"The file must be a {TAKEN} file by its content, whatever its name ends in. "
    "Save it as one of these and attach that.",
    refused.PASSWORD: "The file is protected by a password. Save a copy without a password and "
    "attach that.",
    refused.PROGRAM: "The file holds a program, such as a macro or a form that acts by itself. "
    f"{AS_PDF}",
    refused.OTHER_FILES: "The file holds other files, which can’t be checked. Attach each by "
    "itself, or print it to a new PDF and attach that.",
    refused.OUTSIDE: "The file fetches something from elsewhere when it is opened, such as a "
    f"template or a picture. {AS_PDF}",
    refused.TRACKED: "The file holds tracked changes, in which what was deleted can still be read. "
    "Accept or reject every change, save it, and attach that.",
    refused.ANIMATED: "The picture moves. Save one picture of it and attach that.",
    refused.PICTURE: "The file holds a picture in a form that can’t be checked (JPEG 2000). "
    f"{AS_PDF}",
    refused.PIXELS: "The picture must have fewer than 40 million points. Save it smaller and "
    "attach that.",
    refused.SWOLLEN: f"The file unpacks to far more than its size. {AS_PDF}",
    refused.TOO_MUCH: "To read the file takes too long, or too much memory, so that it can’t be "
    f"checked. {AS_PDF}",
    refused.BUSY: "Too many files are being read at this moment. Attach it again in a minute.",
    refused.DAMAGED: "The file can’t be read: it is damaged, or was not saved to its end. Open it, "
    "save it again and attach that.",
}
HELD = {
    "": "It waits to be scanned. This takes a minute or so.",
    Fault.NONE: "This place has no scanner for harmful programs, so that nobody can open it. It "
    "stays held until there is one.",
    Fault.UNREACHABLE: "The scanner does not answer. It stays held, and is tried again by itself.",
    Fault.SLOW: "The scanner took too long. It stays held, and is tried again by itself.",
    Fault.TOO_LARGE: "The scanner does not take a file of this size, and said so. It stays held, "
    "and is tried again by itself. To be sure, remove it and attach a smaller one.",
    Fault.UNSURE: "The scanner could not say whether it is harmful. It stays held, and is tried "
    "again by itself.",
    Fault.LOST: "Its content is not there any more, so that nobody can open it. Remove it and "
    "attach it anew.",
    Fault.UNREADABLE: "Its content can’t be read here now. It stays held, and is tried again by "
    "itself.",
}


def numbered_words(event: Event) -> str:
    """Which document an act was about, by its number alone."""
    number = event.payload.get("document")
    return f"Document {number}." if number else "A document."
