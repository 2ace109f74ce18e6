"""The rows that are counted, made from the answers of a notification. Pure but for the models."""

from datetime import date, datetime
from typing import Any

from notifications.facts import (
    NATURES,
    OUTCOMES,
    age_of,
    band_of,
    code,
    incident_days,
    many,
)
from notifications.models import OLDEST, IncidentChild, Notification
from notifications.pages import child
from notifications.rules import items
from notifications.sections import Paper
from workflow.forms import NOT_KNOWN
from workflow.law import duties
from workflow.models import Case, Person

# Column of the notification -> (page, question).
SINGLE = {
    "outcome": ("basis", "happened"),
    "abuse": ("basis", "abuse"),
    "place": ("basis", "place"),
    "country": ("country", "country"),
    "partners_agreed": ("partners", "agreed"),
    "raised_by": ("awareness", "raised_by"),
    "location_type": ("where", "location"),
    "harm_setting": ("harm", "setting"),
    "neglect_before": ("harm", "neglect_before"),
    "weapon": ("harm", "weapon"),
    "cause_of_death": ("cause", "cause"),
    "criminal_investigation": ("response", "investigation"),
    "media_interest": ("response", "press"),
    "coroner_informed": ("response", "coroner"),
    "joint_agency_response": ("response", "joint_agency"),
    "others_at_risk": ("safety", "others"),
}
SEVERAL = {
    "harm_types": ("harm", "types"),
    "parallel_processes": ("other-processes", "processes"),
    "informed": ("informed", "informed"),
}
CHILD_SINGLE = {
    "role": ("part", "role"),
    "age_basis": ("birth", "basis"),
    "sex": ("birth", "sex"),
    "ethnicity": ("ethnicity", "ethnicity"),
    "health_condition": ("health", "condition"),
    "mental_health": ("health", "mental"),
    "school_status": ("school", "status"),
    "residence": ("home", "residence"),
    "living_arrangement": ("home", "living"),
    "known_to_social_care": ("social-care", "known"),
    "child_in_need": ("social-care", "in_need"),
    "primary_need": ("social-care", "need"),
    "protection_plan": ("social-care", "protection"),
    "protection_category": ("social-care", "category"),
    "looked_after": ("social-care", "looked_after"),
    "care_leaver": ("social-care", "care_leaver"),
    "legal_status": ("care", "legal"),
    "placement": ("care", "placement"),
    "placed_out_of_area": ("care", "out_of_area"),
    "immigration": ("background", "immigration"),
}
CHILD_SEVERAL = {"disabilities": ("health", "disabilities"), "agencies": ("services", "agencies")}


def notification_of(
    paper: Paper, *, cycle: int, by: Person, on: date, at: datetime, late_reason: str
) -> Notification:
    """The unsaved row of a notification that is being sent."""
    row = Notification(
        case=paper.case,
        authority_id=paper.case.authority_id,
        cycle=cycle,
        sent_on=on,
        sent_at=at,
        sent_by=by,
        late_reason=late_reason,
    )
    describe(row, paper)
    return row


def describe(row: Notification, paper: Paper) -> None:
    """The row says what the answers say."""
    asked = {leaf.page.slug for leaf in paper.all_leaves() if not leaf.item}
    for column, (page, name) in SINGLE.items():
        setattr(row, column, code(paper.value(page, name)) if page in asked else "")
    for column, (page, name) in SEVERAL.items():
        setattr(row, column, many(paper.value(page, name)))
    outcome = OUTCOMES.get(row.outcome, "other")
    case = paper.case
    row.nature = NATURES.get(outcome, "other")
    row.basis = basis_of(case)
    row.recipients = [recipient.slug for recipient in case.route.recipients]
    row.aware_on = case.aware_on or row.sent_on
    row.suspected_on = case.suspected_on
    row.incident_from, row.incident_until = incident_days(paper)
    row.children = len(items(paper))
    row.gaps = len(paper.not_known())


def basis_of(case: Case) -> list[str]:
    """Which of the published kinds of notification this is: often more than one."""
    owed = case.route.duties
    found = []
    if duties.NOTIFY_THE_PANEL in owed:
        found.append("s16c_death" if case.outcome == "died" else "s16c_serious_harm")
    if duties.LOOKED_AFTER_CHILD_DEATH in owed:
        found.append("looked_after_death")
    if duties.CARE_LEAVER_DEATH in owed:
        found.append("care_leaver_death")
    return found


def children_of(paper: Paper, notification: Notification) -> list[IncidentChild]:
    """The unsaved rows of its children, in codes alone."""
    return [_child(paper, notification, item) for item in items(paper)]


def _child(paper: Paper, notification: Notification, item: str) -> IncidentChild:
    asked = {leaf.page.slug for leaf in paper.leaves(paper.document.section("children"), item)}
    row = IncidentChild(
        notification=notification,
        case=paper.case,
        authority_id=paper.case.authority_id,
        ordinal=int(item),
        identified=_is_identified(paper, item),
        age_band=band_of(paper, item),
    )
    for column, (page, name) in CHILD_SINGLE.items():
        setattr(row, column, code(paper.value(page, name, item)) if page in asked else "")
    for column, (page, name) in CHILD_SEVERAL.items():
        setattr(row, column, many(paper.value(page, name, item)))
    row.ethnicity = row.ethnicity or code(paper.value("ethnic-group", "group", item) or "")[:40]
    fate = paper.value("part", "fate", item)
    row.died, row.harmed = fate == child.DIED, fate == child.HARMED
    died_on: Any = paper.value("part", "died_on", item)
    row.died_on = died_on if row.died and died_on is not NOT_KNOWN else None
    age = age_of(paper, item)
    row.age = age if age is not None and 0 <= age <= OLDEST else None
    return row


def _is_identified(paper: Paper, item: str) -> bool:
    names = (paper.value("name", "given", item), paper.value("name", "family", item))
    return any(name and name is not NOT_KNOWN for name in names)
