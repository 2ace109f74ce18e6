"""Reminders of a case that was restricted after they were recorded."""

# A message may wait for hours between being made and being sent, and a case may be restricted in
# them: whoever is not named to it is told of it no more, alone or in a digest.
RESTRICTED_SINCE = """
UPDATE workflow_reminder r SET withheld = 'restricted'
FROM workflow_deadline d JOIN workflow_case c ON c.id = d.case_id
WHERE r.message_id = ANY(%(messages)s) AND r.withheld = '' AND d.id = r.deadline_id
    AND c.restricted AND NOT EXISTS (
        SELECT FROM workflow_grant g JOIN workflow_membership m
            ON m.person_id = g.person_id AND m.organisation_id = g.named_at_id
        WHERE g.case_id = c.id AND g.person_id = r.person_id AND g.withdrawn_at IS NULL
            AND g.since <= %(on)s AND (g.until IS NULL OR g.until >= %(on)s)
            AND m.since <= %(on)s AND (m.until IS NULL OR m.until >= %(on)s)
    )
"""
