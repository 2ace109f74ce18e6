"""Words are taken out of the reasons of acts; what the log committed to stays beside each."""

import pgtrigger.compiler
import pgtrigger.migrations
import workflow.audit.walls

from django.db import migrations, models

from workflow import migrating
from workflow.access.rights import UpdateRight
from workflow.retention.redaction_walls import NotForgotten


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0052_say_that_cases_may_be_missing'),
    ]

    operations = [
        migrating.cases_first(),
        migrations.AddField(
            model_name='event',
            name='reason_was',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=64),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='event',
            name='keep_rows',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='caserestriction',
            name='keep_rows',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='casetransferevent',
            name='keep_rows',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='breachacknowledgement',
            name='keep_rows',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func='IF TG_OP = \'UPDATE\' AND to_jsonb(NEW) - ARRAY[\'reason\', \'reason_was\'] = to_jsonb(OLD) - ARRAY[\'reason\', \'reason_was\'] AND EXISTS (SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id AND r.confirmed_in = pg_current_xact_id()::text || \' \' || extract(epoch FROM now())::text AND r.document IN (\'act\', \'panel-act\', \'partner-act\') AND EXISTS (SELECT FROM public.workflow_event e WHERE e.id::text = r.item AND e.case_id = OLD.case_id AND e.actor_id = OLD.actor_id AND e."at" = OLD.at)\nAND NEW.reason_was = coalesce(nullif(OLD.reason_was, \'\'), encode(sha256(OLD.reason), \'hex\'))\nAND EXISTS (SELECT FROM public.workflow_event t WHERE t.id = r.event_id\n    AND t.payload->\'left\'->>OLD.id::text = encode(sha256(NEW.reason), \'hex\'))) THEN RETURN NEW; END IF; RAISE EXCEPTION \'workflow_event is append-only\' USING ERRCODE = \'23001\';', hash='a0d21ea10c3e78479772551b8fddf49c50211987', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_fa565', table='workflow_event', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caserestriction',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func='IF TG_OP = \'UPDATE\' AND to_jsonb(NEW) - ARRAY[\'reason\'] = to_jsonb(OLD) - ARRAY[\'reason\'] AND EXISTS (SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id AND r.confirmed_in = pg_current_xact_id()::text || \' \' || extract(epoch FROM now())::text AND r.document IN (\'act\', \'panel-act\', \'partner-act\') AND EXISTS (SELECT FROM public.workflow_event e WHERE e.id::text = r.item AND e.case_id = OLD.case_id AND e.actor_id = OLD.by_id AND e."at" = OLD.at)) THEN RETURN NEW; END IF; RAISE EXCEPTION \'workflow_caserestriction is append-only\' USING ERRCODE = \'23001\';', hash='e04a97b742dbb7155dfef16c10d79eb7706e868b', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_0a773', table='workflow_caserestriction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='casetransferevent',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func='IF TG_OP = \'UPDATE\' AND to_jsonb(NEW) - ARRAY[\'reason\', \'answer\'] = to_jsonb(OLD) - ARRAY[\'reason\', \'answer\'] AND EXISTS (SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id AND r.confirmed_in = pg_current_xact_id()::text || \' \' || extract(epoch FROM now())::text AND ((NEW.answer = OLD.answer AND r.document IN (\'act\', \'panel-act\', \'partner-act\') AND EXISTS (SELECT FROM public.workflow_event e WHERE e.id::text = r.item AND e.case_id = OLD.case_id AND e.actor_id = OLD.proposed_by_id AND e."on" = OLD.proposed_on)) OR (NEW.reason = OLD.reason AND r.document IN (\'act\', \'panel-act\', \'partner-act\') AND EXISTS (SELECT FROM public.workflow_event e WHERE e.id::text = r.item AND e.case_id = OLD.case_id AND e.actor_id = OLD.answered_by_id AND e."on" = OLD.answered_on)))) THEN RETURN NEW; END IF; RAISE EXCEPTION \'workflow_casetransferevent is append-only\' USING ERRCODE = \'23001\';', hash='193070b6b42edfd95938a3c1cc44e5815b02ca3b', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_8efc0', table='workflow_casetransferevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='breachacknowledgement',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func="IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['reason'] = to_jsonb(OLD) - ARRAY['reason'] AND EXISTS (SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id AND r.confirmed_in = pg_current_xact_id()::text || ' ' || extract(epoch FROM now())::text AND r.document IN ('missed-date', 'panel-missed-date') AND r.item = OLD.id::text) THEN RETURN NEW; END IF; RAISE EXCEPTION 'workflow_breachacknowledgement is append-only' USING ERRCODE = '23001';", hash='513fa600fb1b3d0221dee6d72e55823aad3cacfd', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_902b6', table='workflow_breachacknowledgement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='as_it_comes', sql=workflow.audit.walls.StandingTriggerSql(condition="WHEN (NEW.reason_was <> '')", func="RAISE EXCEPTION 'workflow_event is added as it comes' USING ERRCODE = '23001';", hash='b218e48e85b048f2db11756586aa72e5f1333dcc', operation='INSERT', pgid='pgtrigger_as_it_comes_86f25', table='workflow_event', when='BEFORE')),
        ),
        UpdateRight("workflow_event", "reason", "app"),
        UpdateRight("workflow_event", "reason_was", "app"),
        UpdateRight("workflow_caserestriction", "reason", "app"),
        UpdateRight("workflow_casetransferevent", "reason", "app"),
        UpdateRight("workflow_casetransferevent", "answer", "app"),
        UpdateRight("workflow_breachacknowledgement", "reason", "app"),
        NotForgotten('act', 'panel-act', 'partner-act', 'missed-date', 'panel-missed-date'),
        migrating.cases_first(undone=True),
    ]
