"""What the sweep asks within its statements: who sees a case, and what was done of its review."""

# Whether somebody's organisation sees the case of what is owed; of a restricted case, whether they
# are named to it themselves, as somebody of that organisation.
#
# A query that gives one grant is looked up by the case; written with EXISTS the planner may read
# the grants of all cases instead.
SIGHT = """(
        SELECT true FROM workflow_grant g
        WHERE g.case_id = owed.case_id AND g.withdrawn_at IS NULL AND NOT g.set_aside
            AND (g.organisation_id = {0}.through_id
                OR g.person_id = {0}.person_id AND g.named_at_id = {0}.through_id)
            AND g.since <= %(on)s AND (g.until IS NULL OR g.until >= %(on)s)
        LIMIT 1
    )"""

# Whether a partner has given its view of the case's newest rapid review: the one whose clock runs.
# A view from before its words were replaced is of other words, and counts as none.
SIGNED = """(
        SELECT true FROM workflow_event e
        WHERE e.case_id = owed.case_id AND e.machine = 'rapid review'
            AND e.act IN ('sign_off', 'sign_off_received')
            AND e.payload -> 'organisation_id' = to_jsonb({}.through_id)
            AND e.number = (
                SELECT max(o.number) FROM workflow_event o
                WHERE o.case_id = owed.case_id AND o.machine = 'rapid review' AND o.act = 'open'
            )
            AND NOT EXISTS (
                SELECT FROM workflow_event w
                WHERE w.case_id = owed.case_id AND w.machine = 'rapid review'
                    AND w.act = 'rewrite_rapid_review' AND w.number = e.number
                    AND w.sequence > e.sequence
            )
        LIMIT 1
    )"""

# Whether the facts of the case's newest rapid review have been gathered: the partners have met on
# them, or its report is drafted. Which agency's return is in, is sealed with the review itself.
GATHERED = """(
        SELECT true FROM workflow_event e
        WHERE e.case_id = running.case_id AND e.machine = 'rapid review'
            AND e.act IN ('hold_meeting', 'draft_report', 'seek_signatures')
            AND e.number = (
                SELECT max(o.number) FROM workflow_event o
                WHERE o.case_id = running.case_id AND o.machine = 'rapid review' AND o.act = 'open'
            )
        LIMIT 1
    )"""
