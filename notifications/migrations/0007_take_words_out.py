"""Words that are taken out of an answer are taken out of what rests of it here too."""

import pgtrigger.compiler
import pgtrigger.migrations
import workflow.audit.walls

from workflow import migrating
from workflow.access.rights import UpdateRight
from workflow.retention.redaction_walls import NotForgotten


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0045_take_words_out'),
        ('notifications', '0006_find_children_by_digests'),
    ]

    operations = [
        migrating.cases_first(),
        pgtrigger.migrations.RemoveTrigger(
            model_name='amendment',
            name='keep_rows',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='amendment',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func="IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['before', 'after'] = to_jsonb(OLD) - ARRAY['before', 'after'] AND EXISTS (SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id AND r.confirmed_in = pg_current_xact_id()::text || ' ' || extract(epoch FROM now())::text AND r.document IN ('notification') AND r.page = OLD.page AND r.item = OLD.item) THEN RETURN NEW; END IF; RAISE EXCEPTION 'notifications_amendment is append-only' USING ERRCODE = '23001';", hash='557af4f6afb38f29e96abf971b1b06bde4c14968', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_c155e', table='notifications_amendment', when='BEFORE')),
        ),
        UpdateRight("notifications_amendment", "before", "app"),
        UpdateRight("notifications_amendment", "after", "app"),
        NotForgotten(),
        migrating.cases_first(undone=True),
    ]
