"""Words are taken out of why the Panel took a case over and of later decisions, with those acts."""

import pgtrigger.compiler
import pgtrigger.migrations
import workflow.audit.walls

from workflow import migrating
from workflow.access.rights import UpdateRight
from workflow.retention.redaction_walls import NotForgotten


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0053_take_words_out_of_reasons'),
        ('reviews', '0008_take_words_out_of_what_was_written'),
    ]

    operations = [
        migrating.cases_first(),
        pgtrigger.migrations.RemoveTrigger(
            model_name='panelresponse',
            name='keep_rows',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='partnersdecision',
            name='keep_rows',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='panelresponse',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func='IF TG_OP = \'UPDATE\' AND to_jsonb(NEW) - ARRAY[\'text\'] = to_jsonb(OLD) - ARRAY[\'text\'] AND EXISTS (SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id AND r.confirmed_in = pg_current_xact_id()::text || \' \' || extract(epoch FROM now())::text AND ((r.document = \'panel-response\' AND r.item = OLD.id::text AND to_jsonb(NEW) - r.field::text = to_jsonb(OLD) - r.field::text) OR (r.document IN (\'act\', \'panel-act\', \'partner-act\') AND EXISTS (SELECT FROM public.workflow_event e WHERE e.id::text = r.item AND e.case_id = OLD.case_id AND e.actor_id = OLD.by_id AND e."at" = OLD.at)))) THEN RETURN NEW; END IF; RAISE EXCEPTION \'reviews_panelresponse is append-only\' USING ERRCODE = \'23001\';', hash='1a6a00d19ffdba64343d2ae404d6b994a0f567b6', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_c8fe4', table='reviews_panelresponse', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partnersdecision',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func='IF TG_OP = \'UPDATE\' AND to_jsonb(NEW) - ARRAY[\'reason\'] = to_jsonb(OLD) - ARRAY[\'reason\'] AND EXISTS (SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id AND r.confirmed_in = pg_current_xact_id()::text || \' \' || extract(epoch FROM now())::text AND ((r.document IN (\'rapid-review\') AND r.page IN (\'lcspr\') AND r.field IN (\'rationale\') AND OLD.sent_id IS NOT NULL) OR (OLD.sent_id IS NULL AND r.document IN (\'act\', \'panel-act\', \'partner-act\') AND EXISTS (SELECT FROM public.workflow_event e WHERE e.id::text = r.item AND e.case_id = OLD.case_id AND e.actor_id = OLD.by_id AND e."at" = OLD.at)))) THEN RETURN NEW; END IF; RAISE EXCEPTION \'reviews_partnersdecision is append-only\' USING ERRCODE = \'23001\';', hash='9f8b506266b2bc079b3a93f6fe68d156b3ee3a47', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_7692b', table='reviews_partnersdecision', when='BEFORE')),
        ),
        NotForgotten('act', 'panel-act', 'partner-act', 'missed-date', 'panel-missed-date'),
        migrating.cases_first(undone=True),
    ]
