"""Words can be taken out of every column that holds what people wrote, or here stands why not."""

import re
from pathlib import Path

from django.conf import settings

from notifications.models import AttachedDocument
from tests.notifications.redacted import COPIES_OF_A_NOTIFICATION, COPIES_OF_REASONS
from tests.notifications.searching import sealed_columns
from workflow.retention.copies import DOCUMENTS

OF_AN_ACT = "the reason of an act: the log commits to what it was, sealed"
OF_KEEPING = "why it was done, which is refused where it repeats the words"
NO_WORDS = "nobody's words"
# Each with why no words are taken out of it.
NOT_REACHED = {
    "notifications_amendment.reason": "the reason of a correction, which stands in the trail too",
    "notifications_attacheddocument.salt": NO_WORDS,
    "notifications_quarantinedcontent.content": "a file, which is removed whole",
    "notifications_scannedcontent.content": "a file, which is removed whole",
    "reviews_signoff.name": "who gave the view: a name by right",
    "workflow_apiwrite.answer": "an answer to a program, which repeats nothing of what it sent",
    "workflow_breachacknowledgement.reason": OF_AN_ACT,
    "workflow_caserestriction.reason": OF_AN_ACT,
    "workflow_casetransfer.answer": OF_AN_ACT,
    "workflow_casetransfer.reason": OF_AN_ACT,
    "workflow_casetransferevent.answer": OF_AN_ACT,
    "workflow_casetransferevent.reason": OF_AN_ACT,
    "workflow_emergency.reason": OF_AN_ACT,
    "workflow_emergencyreview.note": OF_AN_ACT,
    "workflow_event.reason": OF_AN_ACT,
    "workflow_holdlifted.reason": OF_KEEPING,
    "workflow_legalhold.reason": OF_KEEPING,
    "workflow_redaction.reason": OF_KEEPING,
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
    }  # fmt: skip
