"""Words can be taken out of every column that holds what people wrote, or here stands why not."""

import re
from pathlib import Path

from django.conf import settings
from django.urls import get_resolver

from notifications.document import NOTIFICATION
from notifications.models import AttachedDocument
from reviews.forms.document import RAPID_REVIEW
from tests.notifications.redacted import COPIES_OF_A_NOTIFICATION, COPIES_OF_REASONS
from tests.notifications.searching import sealed_columns
from workflow.audit.walls import REASONS
from workflow.forms import GovukForm, LongTextField
from workflow.machine.move import acts_of
from workflow.queues.mandates import MACHINES
from workflow.retention.copies import DOCUMENTS
from workflow.retention.reasons import STAND, TYPED_AS
from workflow.retention.walls import OF_KEEPING

OF_AN_EMERGENCY = "why a case was opened in one: whether that was right is judged by it"
OF_KEEPING_IT = "why it was done, which is refused where it repeats the words"
NO_WORDS = "nobody's words"
# Each with why no words are taken out of it.
NOT_REACHED = {
    "notifications_attacheddocument.salt": NO_WORDS,
    "notifications_quarantinedcontent.content": "a file, which is removed whole",
    "notifications_scannedcontent.content": "a file, which is removed whole",
    "reviews_signoff.name": "who gave the view: a name by right",
    "workflow_apiwrite.answer": "an answer to a program, which repeats nothing of what it sent",
    "workflow_emergency.reason": OF_AN_EMERGENCY,
    "workflow_emergencyreview.note": OF_AN_EMERGENCY,
    "workflow_holdlifted.reason": OF_KEEPING_IT,
    "workflow_legalhold.reason": OF_KEEPING_IT,
    "workflow_redaction.reason": OF_KEEPING_IT,
    "workflow_redaction.words": "the words themselves, while a proposal waits",
}


def in_the_dictionary() -> set[str]:
    """Each sealed column of the data dictionary, after its table."""
    text = (Path(settings.BASE_DIR) / "docs" / "data-dictionary.md").read_text()
    found = set()
    for part in text.split("\n### ")[1:]:
        table = part.partition("\n")[0].strip("`")
        columns = re.findall(r"^\| `(\w+)` \| [^|]+ \| \*\*sealed\*\* \|", part, re.MULTILINE)
        found |= {f"{table}.{column}" for column in columns}
    return found


def test_words_can_be_taken_out_of_each_sealed_column_or_it_is_named_with_its_reason() -> None:
    known = {f"{model._meta.db_table}.{column}" for model, column in sealed_columns()}
    written = in_the_dictionary()
    # The histories stand in it by the table that they are of.
    assert len(written) > 20
    assert written == {one for one in known if not one.partition(".")[0].endswith("event")} | {
        "workflow_event.reason"
    }
    reached = {one for document in DOCUMENTS.values() for one in document.holds}
    # A new column of words: say in `DOCUMENTS` how they are taken out of it.
    assert known - reached == NOT_REACHED.keys()
    assert reached <= known


def test_what_holds_copies_of_answers_is_said_of_their_documents() -> None:
    holds = {name: document.holds for name, document in DOCUMENTS.items()}
    assert holds["notification"] == COPIES_OF_A_NOTIFICATION
    assert holds["rapid-review"] == COPIES_OF_REASONS | {"workflow_keptpage.kept"}
    table = AttachedDocument._meta.db_table
    assert holds["document"] == {f"{table}.about", f"{table}.name"}
    assert set(holds) == {
        "notification", "document", "rapid-review", "sign-off", "panel-findings", "panel-response",
        "act", "panel-act", "partner-act", "missed-date", "panel-missed-date",
    }  # fmt: skip
    repeated = {
        f"{table}.{column}"
        for table, columns in {
            "workflow_event": ("reason",),
            "workflow_caserestriction": ("reason",),
            "workflow_casetransfer": ("reason", "answer"),
            "workflow_casetransferevent": ("reason", "answer"),
            "notifications_amendment": ("reason",),
            "reviews_panelresponse": ("text",),
            "reviews_partnersdecision": ("reason",),
        }.items()
        for column in columns
    }
    assert {name for name in holds if name.endswith("act")} == set(REASONS)
    assert [holds[name] for name in REASONS] == [repeated] * len(REASONS)


def test_what_a_text_is_of_is_called_by_its_own_name() -> None:
    assert {name: document.of for name, document in DOCUMENTS.items()} == {
        "notification": "Page", "rapid-review": "Page", "document": "Document",
        "sign-off": "View", "panel-findings": "Findings", "panel-response": "Response",
        **dict.fromkeys(REASONS, "Act"),
        "missed-date": "Acknowledgement", "panel-missed-date": "Acknowledgement",
    }  # fmt: skip


# A partner's view, what the Panel found and answered, and which words are to go.
TYPED_ELSEWHERE = {"comment", "learning", "notes", "text", "words"}


def forms_of_acts() -> set[type[GovukForm]]:
    """Every form of the service but those of the pages of a document."""
    assert get_resolver().url_patterns, "every view is known, and with it every form"
    found: set[type[GovukForm]] = set()
    left = [GovukForm]
    while left:
        more = [one for one in left.pop().__subclasses__() if not one.__module__.startswith("test")]
        found |= set(more)
        left += more
    documents = (NOTIFICATION, RAPID_REVIEW)
    return found - {page.form for one in documents for part in one.sections for page in part.pages}


def test_where_an_act_asks_why_it_is_typed_under_one_of_the_names_that_are_looked_for() -> None:
    names = {
        name
        for form in forms_of_acts()
        for name, field in form.base_fields.items()
        if isinstance(field, LongTextField)
    }
    # Another name: what was typed under it, and not saved, would keep words that were taken out.
    assert names == TYPED_AS | TYPED_ELSEWHERE


def test_every_act_that_asks_why_is_one_out_of_whose_reason_words_are_taken() -> None:
    asks = {
        name
        for machine in MACHINES
        for name, act in acts_of(machine).items()
        if act.asks_reason or act.reason_from
    }
    assert len(asks) > 15
    assert not asks & set(STAND)
    # What stands as it was said: acts about keeping the record, and what was done in an emergency.
    assert set(STAND) - set(OF_KEEPING) == {"open_in_emergency", "review_emergency"}
