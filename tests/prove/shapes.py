"""What a case consists of, so that one that was half written differs from every whole one."""

import re

from tests.prove.servers import Database

# Every row that opening and sending leave, told without its keys, which differ from case to case.
SHAPE = """
SELECT c.token, concat_ws(' | ', p.state, p.cycle, p.author_id, c.authority_id,
    CASE WHEN c.notified_at IS NULL THEN 'not sent'
        WHEN c.notified_on IS NOT NULL THEN 'sent' END,
    c.next_due_on, c.next_due, c.last_sequence,
    (SELECT string_agg(concat_ws(' ', e.sequence, e.machine, e.act, e.actor_id), ', '
        ORDER BY e.sequence) FROM workflow_event e WHERE e.case_id = c.id),
    (SELECT string_agg(concat_ws(' ', d.duty, d.cycle, d.start_on, d.due_on, d.met_on,
        d.met_at = c.notified_at, d.cancelled_on), ', '
        ORDER BY d.duty, d.cycle) FROM workflow_deadline d WHERE d.case_id = c.id),
    (SELECT string_agg(concat_ws(' ', g.capacity, g.organisation_id, g.since, g.until), ', '
        ORDER BY g.capacity, g.organisation_id) FROM workflow_grant g WHERE g.case_id = c.id),
    (SELECT string_agg(concat_ws(' ', o.kind, o.organisation_id), ', '
        ORDER BY o.kind, o.organisation_id) FROM workflow_outbox o
        WHERE o.case_id = c.id AND o.kind <> 'reminder'),
    (SELECT string_agg(concat_ws(' ', r.number, r.state), ', ' ORDER BY r.number)
        FROM workflow_rapidreview r WHERE r.case_id = c.id),
    (SELECT string_agg(concat_ws(' ', n.cycle, n.sent_by_id, n.sent_at = c.notified_at), ', ')
        FROM notifications_notification n WHERE n.case_id = c.id),
    (SELECT 'children ' || count(*) FROM notifications_incidentchild i WHERE i.case_id = c.id),
    (SELECT 'pages ' || string_agg(concat_ws(' ', a.section, a.item, a.version, a.complete), ', '
        ORDER BY a.section, a.item) FROM workflow_answers a WHERE a.case_id = c.id)
)
FROM workflow_case c JOIN workflow_notificationprocess p ON p.case_id = c.id
"""
TYPED = """
SELECT md5(string_agg(encode(a.answers, 'hex'), ',' ORDER BY a.id))
FROM workflow_answers a JOIN workflow_case c ON c.id = a.case_id WHERE c.token = '{token}'
"""
SENT_TWICE = """
SELECT count(*) FROM (SELECT case_id FROM workflow_event WHERE act = 'submit'
    GROUP BY case_id HAVING count(*) > 1) more
"""
WITHOUT_MACHINE = """
SELECT count(*) FROM workflow_case c
WHERE NOT EXISTS (SELECT FROM workflow_notificationprocess p WHERE p.case_id = c.id)
"""


def shapes(database: Database, where: str = "true") -> dict[str, str]:
    """The shape of each case, by its token."""
    rows = database.ask(f"{SHAPE} WHERE {where}", database="service")
    return {str(token): str(shape) for token, shape in rows}


def shape_of(database: Database, token: str) -> str:
    """The shape of one case; empty when there is none."""
    return shapes(database, f"c.token = '{token}'").get(token, "")


def typed_in(database: Database, token: str) -> str:
    """Changes when any stored page of the case does, by a byte."""
    [[found]] = database.ask(TYPED.format(token=token), database="service")
    return str(found)


def number(database: Database, question: str) -> int:
    """The number that a question asks for."""
    [[found]] = database.ask(question, database="service")
    return int(str(found))


def undated(shape: str) -> str:
    """The shape without its dates, for cases that were written on different days."""
    return re.sub(r"\d{4}-\d\d-\d\d", "a date", shape)
