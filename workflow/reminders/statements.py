"""The statements of the sweep. Each does its step for a whole batch and is safe to run twice."""

from workflow.reminders.questions import GATHERED, SIGHT, SIGNED

PLAN = """
INSERT INTO workflow_plannedrung
    (deadline_id, authority_id, revision, rung, planned_at, nobody)
SELECT *, false FROM unnest(
    %s::bigint[], %s::bigint[], %s::smallint[], %s::text[], %s::timestamptz[]
)
ON CONFLICT DO NOTHING
"""

PLANNED = """
UPDATE workflow_deadline d SET planned_revision = p.revision
FROM unnest(%s::bigint[], %s::smallint[]) AS p (id, revision)
WHERE d.id = p.id
"""

# The rungs whose moment has come, beyond this sweep's bookmark, each with who owes what duty.
DUE = """
SELECT p.id, p.planned_at, d.owed_by_id, d.duty, p.rung
FROM workflow_plannedrung p JOIN workflow_deadline d ON d.id = p.deadline_id
WHERE p.swept_at IS NULL AND p.planned_at <= %(now)s
    AND (p.planned_at, p.id) > (%(after_at)s, %(after_id)s)
ORDER BY p.planned_at, p.id
LIMIT %(most)s
"""

# In one statement a rung is marked as swept, recorded for each person it is owed to, and put into
# the outbox: no moment lies between them. A rung of a date that has moved, or of a duty that is
# discharged, is marked and owed to nobody. A rung gives way to a later one that goes out anyway;
# what is told aloud, only to what is told aloud, so that nobody's escalation is lost in a digest. A
# clock whose last repeated rung this was is planned further.
#
# A message that is not for any day is kept for the next working one, and says so.
#
# It takes the rungs that were looked at and no others: for one that became due a moment later it is
# not known yet who is to be told. Each is looked at with the numbers of the groups it goes to, and
# with whose reserves stand in; where none do, with no owner.
#
# Only who can see the case counts. Where they are fewer than enough, the owner's reserves are asked
# in their turn; who wants to be spared is, as long as enough others are told.
#
# A partner that has given its view of the rapid review is asked for none: the reminders of its
# people are recorded and withheld. So is the step about the agencies' returns once the facts are
# gathered.
#
# A message's key is drawn before it is written, so that the reminder can name it without a join by
# a text. Should the message be there already, so is the reminder: both were written together.
RECORD = """
WITH looked AS MATERIALIZED (
    SELECT * FROM unnest(
        %(ids)s::bigint[], %(groups)s::int[], %(quiets)s::boolean[], %(owners)s::bigint[]
    ) AS l (id, told, quiet, owner_id)
),
audience AS MATERIALIZED (
    SELECT * FROM unnest(
        %(told)s::int[], %(people)s::bigint[], %(throughs)s::bigint[]
    ) AS a (told, person_id, through_id)
),
reserves AS MATERIALIZED (
    SELECT * FROM unnest(
        %(reserves_of)s::bigint[], %(reserves)s::bigint[], %(reserves_through)s::bigint[],
        %(places)s::int[]
    ) AS r (owner_id, person_id, through_id, place)
),
sparing AS MATERIALIZED (
    SELECT * FROM unnest(%(spared)s::bigint[], %(always)s::boolean[]) AS s (person_id, always)
),
due AS MATERIALIZED (
    SELECT p.id, p.deadline_id, p.revision, p.rung, p.planned_at
    FROM workflow_plannedrung p
    WHERE p.id = ANY(%(ids)s) AND p.swept_at IS NULL
    FOR UPDATE SKIP LOCKED
),
running AS MATERIALIZED (
    SELECT due.*, d.case_id, d.authority_id, d.duty, d.due_on
    FROM due JOIN workflow_deadline d ON d.id = due.deadline_id
    WHERE d.revision = due.revision AND d.met_on IS NULL AND d.cancelled_on IS NULL
),
owed AS MATERIALIZED (
    SELECT running.*,
        CASE
            WHEN EXISTS (
                SELECT FROM workflow_plannedrung later
                WHERE later.deadline_id = running.deadline_id
                    AND later.revision = running.revision AND running.rung <> 'sign-offs'
                    AND later.planned_at > running.planned_at AND later.planned_at <= %(now)s
                    AND (later.rung = ANY(%(loud)s) OR NOT running.rung = ANY(%(loud)s))
            ) THEN 'overtaken'
            WHEN running.duty = ANY(%(riding)s) AND EXISTS (
                SELECT FROM workflow_deadline panel
                WHERE panel.case_id = running.case_id AND panel.duty = %(leads)s
                    AND panel.met_on IS NULL AND panel.cancelled_on IS NULL
                    AND panel.due_on = running.due_on
            ) THEN 'told_with_panel'
            WHEN running.rung = 'agency-returns' AND [gathered] IS NOT NULL THEN 'gathered'
            ELSE ''
        END AS withheld
    FROM running
),
readers AS MATERIALIZED (
    SELECT owed.*, looked.quiet, a.person_id, 0 AS place,
        CASE WHEN owed.rung = 'sign-offs' THEN [signed by a] IS NOT NULL ELSE false END AS signed
    FROM owed JOIN looked ON looked.id = owed.id JOIN audience a ON a.told = looked.told
    WHERE [sight of a]
),
short AS MATERIALIZED (
    SELECT id FROM (
        SELECT id, NULL::bigint AS person_id FROM owed UNION ALL SELECT id, person_id FROM readers
    ) counted
    GROUP BY id HAVING count(DISTINCT person_id) < %(enough)s
),
stand_ins AS MATERIALIZED (
    SELECT owed.*, looked.quiet, r.person_id, r.place, false AS signed
    FROM short JOIN owed ON owed.id = short.id JOIN looked ON looked.id = owed.id
        JOIN reserves r ON r.owner_id = looked.owner_id
    WHERE [sight of r]
),
sighted AS (
    SELECT DISTINCT ON (id, person_id) *
    FROM (SELECT * FROM readers UNION ALL SELECT * FROM stand_ins) either
    ORDER BY id, person_id, signed, place
),
in_turn AS (
    SELECT *, row_number() OVER (PARTITION BY id ORDER BY place, person_id) AS turn FROM sighted
),
asked AS (
    SELECT in_turn.*, s.person_id IS NOT NULL AS spared,
        count(*) FILTER (WHERE s.person_id IS NULL AND NOT signed)
            OVER (PARTITION BY id) AS willing
    FROM in_turn
        LEFT JOIN sparing s ON s.person_id = in_turn.person_id AND (s.always OR in_turn.quiet)
    WHERE place = 0 OR turn <= %(enough)s
),
told AS MATERIALIZED (
    SELECT *, CASE WHEN NOT quiet AND withheld = '' AND NOT signed
        THEN nextval((SELECT pg_get_serial_sequence('workflow_outbox', 'id')::regclass))
        END AS message_id
    FROM asked WHERE willing < %(enough)s OR NOT spared
),
messages AS (
    INSERT INTO workflow_outbox
        (id, dedupe, kind, case_id, authority_id, person_id, payload, created_at,
         next_attempt_at, attempts, fault, receipt_id)
    SELECT message_id,
        'reminder:' || deadline_id || ':' || revision || ':' || rung || ':p' || person_id,
        'reminder', case_id, authority_id, person_id,
        CASE WHEN kept THEN %(kept)s::jsonb ELSE '{}'::jsonb END, %(now)s,
        CASE WHEN kept THEN %(leaves)s ELSE %(now)s END, 0, '', ''
    FROM (
        SELECT *, %(leaves)s > %(now)s AND NOT rung = ANY(%(any_day)s) AS kept FROM told
    ) either
    WHERE message_id IS NOT NULL
    ON CONFLICT (dedupe) DO NOTHING
),
reminders AS (
    INSERT INTO workflow_reminder
        (deadline_id, authority_id, revision, rung, person_id, quiet, withheld, planned_at,
         recorded_at, message_id)
    SELECT deadline_id, authority_id, revision, rung, person_id, quiet,
        CASE WHEN signed THEN 'signed' ELSE withheld END, planned_at, %(now)s, message_id
    FROM told
    ON CONFLICT DO NOTHING
),
swept AS (
    UPDATE workflow_plannedrung p SET swept_at = %(now)s,
        nobody = p.id IN (SELECT id FROM owed) AND NOT p.id IN (SELECT id FROM told)
    WHERE p.id = ANY(%(ids)s) AND p.id IN (SELECT id FROM due)
),
further AS (
    UPDATE workflow_deadline d SET planned_revision = 0
    FROM running WHERE running.rung LIKE '%%:%%' AND d.id = running.deadline_id
)
SELECT count(*) FROM due
"""
for _part, _whole in (
    ("[sight of a]", SIGHT.format("a")),
    ("[sight of r]", SIGHT.format("r")),
    ("[signed by a]", SIGNED.format("a")),
    ("[gathered]", GATHERED),
):
    RECORD = RECORD.replace(_part, _whole)

# A message may wait for hours between being made and being sent. What it asks of a partner that has
# given its view since is withheld then, as it would have been at the sweep: where each body that
# the person answers for and that sees the case has given one.
SIGNED_SINCE = f"""
UPDATE workflow_reminder r SET withheld = 'signed'
FROM workflow_deadline owed
WHERE r.message_id = ANY(%(messages)s) AND r.rung = 'sign-offs' AND r.withheld = ''
    AND owed.id = r.deadline_id AND (
        SELECT bool_and({SIGNED.format("m")} IS NOT NULL)
        FROM (
            SELECT person_id, organisation_id AS through_id FROM workflow_membership
            WHERE person_id = r.person_id AND role = 'safeguarding_partner'
                AND since <= %(on)s AND (until IS NULL OR until >= %(on)s)
        ) m
        WHERE {SIGHT.format("m")}
    )
"""  # noqa: S608 - its parts are constants.

# Whether nothing that is due by now is left to be recorded, in whosever hands it is.
# The first moment is the index's first entry; asked whether there is one before now, the planner
# may hope to meet one soon and read every rung there is.
_ALL_RECORDED = """(
        SELECT coalesce(min(planned_at) > %(now)s, true)
        FROM workflow_plannedrung WHERE swept_at IS NULL
    )
    AND NOT EXISTS (
        SELECT FROM workflow_deadline
        WHERE met_on IS NULL AND cancelled_on IS NULL AND NOT (planned_revision = revision)
    )"""

# What waits for a digest, of the people who have had none on this day yet.
_TO_DIGEST = """
    FROM workflow_reminder r
    WHERE quiet AND withheld = '' AND message_id IS NULL AND NOT EXISTS (
        SELECT FROM workflow_outbox o
        WHERE o.dedupe = 'digest:' || %(day)s || ':p' || r.person_id
    )"""

# One message a person and day for all that waits: whatever comes later waits for the next. So it is
# made only when all that is due is recorded, by whomever. Its key is what makes it the only one.
# What another holds is waited for, in one order for all: were it passed over, two at once would
# share a person's reminders, and the second one's share would lie until the next working day.
DIGEST = f"""
WITH waiting AS MATERIALIZED (
    SELECT id, person_id {_TO_DIGEST}
    AND {_ALL_RECORDED}
    ORDER BY id
    FOR UPDATE
),
messages AS (
    INSERT INTO workflow_outbox
        (dedupe, kind, person_id, payload, created_at, next_attempt_at, attempts, fault,
         receipt_id)
    SELECT DISTINCT 'digest:' || %(day)s || ':p' || person_id, 'digest', person_id,
        '{{}}'::jsonb, %(now)s::timestamptz, %(now)s::timestamptz, 0, '', ''
    FROM waiting
    ON CONFLICT (dedupe) DO NOTHING
    RETURNING id, person_id
),
carried AS (
    UPDATE workflow_reminder r SET message_id = messages.id
    FROM waiting JOIN messages ON messages.person_id = waiting.person_id
    WHERE r.id = waiting.id
)
SELECT count(*) FROM messages
"""  # noqa: S608 - its parts are constants.

# The heart beats for an instant only when nothing owed by then is left, in whosever hands it is.
# Where no digest is made at that instant, what waits for one is not owed yet; nor is what came
# after the digest of the day.
BEAT = f"""
INSERT INTO workflow_heartbeat (name, at)
SELECT 'sweep', %(now)s
WHERE {_ALL_RECORDED}
    AND NOT (%(digests)s AND EXISTS (SELECT {_TO_DIGEST}))
ON CONFLICT (name) DO UPDATE SET at = GREATEST(workflow_heartbeat.at, excluded.at)
"""
