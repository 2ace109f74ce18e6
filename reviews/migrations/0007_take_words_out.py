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
        ('reviews', '0006_keep_which_draft_a_view_is_of'),
    ]

    operations = [
        migrating.cases_first(),
        pgtrigger.migrations.RemoveTrigger(
            model_name='partnersdecision',
            name='keep_rows',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='sentreview',
            name='keep_rows',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partnersdecision',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func="IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['reason'] = to_jsonb(OLD) - ARRAY['reason'] AND EXISTS (SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id AND r.confirmed_in = pg_current_xact_id()::text || ' ' || extract(epoch FROM now())::text AND r.document IN ('rapid-review') AND r.page IN ('lcspr') AND r.field IN ('rationale') AND OLD.sent_id IS NOT NULL) THEN RETURN NEW; END IF; RAISE EXCEPTION 'reviews_partnersdecision is append-only' USING ERRCODE = '23001';", hash='b1f091b3f44ca1c2c0f68e6fa61926a3fe50394a', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_7692b', table='reviews_partnersdecision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sentreview',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func="IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['content'] = to_jsonb(OLD) - ARRAY['content'] AND EXISTS (SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id AND r.confirmed_in = pg_current_xact_id()::text || ' ' || extract(epoch FROM now())::text AND r.document = 'rapid-review') THEN RETURN NEW; END IF; RAISE EXCEPTION 'reviews_sentreview is append-only' USING ERRCODE = '23001';", hash='c315c8ee563d1c069ee4112350fe8c498c498eb3', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_fd5ca', table='reviews_sentreview', when='BEFORE')),
        ),
        UpdateRight("reviews_sentreview", "content", "app"),
        UpdateRight("reviews_partnersdecision", "reason", "app"),
        NotForgotten(),
        migrating.cases_first(undone=True),
    ]
