"""The moments in a case at which a clock starts or stops, named once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that is recorded with a London date; `words` complete "from the day ..."."""

    slug: str
    words: str


AWARE = Moment("aware", "the authority became aware that the incident had occurred")
NOTIFICATION_SENT = Moment("notification-sent", "the notification was sent")
PARTNERS_TOLD = Moment("partners-told", "the safeguarding partners were told")
RAPID_REVIEW_RECEIVED = Moment("rapid-review-received", "the rapid review was received")
RESPONSE_ISSUED = Moment("response-issued", "the response to it was issued")
REVIEW_DECIDED = Moment("review-decided", "the partners decided to have a local review")
REVIEW_PUBLISHED = Moment("review-published", "the local review was published")
PUBLICATION_PLANNED = Moment("publication-planned", "the local review is to be published")
ADVANCE_COPY_SENT = Moment("advance-copy-sent", "the copy was sent")
NATIONAL_PUBLICATION_PLANNED = Moment(
    "national-publication-planned", "the national review is to be published"
)
NATIONAL_REPORT_SENT = Moment(
    "national-report-sent", "the national report was sent to the Secretary of State"
)
NATIONAL_REVIEW_PUBLISHED = Moment("national-review-published", "the national review was published")
AVAILABILITY_ENDS = Moment("availability-ends", "the report may be taken down")
