"""Words are taken out of why a correction was made, with the reason of the act."""

import pgtrigger.compiler
import pgtrigger.migrations
import workflow.audit.walls

from workflow import migrating
from workflow.access.rights import UpdateRight
from workflow.retention.redaction_walls import NotForgotten


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0053_take_words_out_of_reasons'),
        ('notifications', '0008_take_words_out_of_what_documents_are'),
    ]

    operations = [
        migrating.cases_first(),
        pgtrigger.migrations.RemoveTrigger(
            model_name='amendment',
            name='keep_rows',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='amendment',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func='IF TG_OP = \'UPDATE\' AND to_jsonb(NEW) - ARRAY[\'before\', \'after\', \'reason\'] = to_jsonb(OLD) - ARRAY[\'before\', \'after\', \'reason\'] AND EXISTS (SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id AND r.confirmed_in = pg_current_xact_id()::text || \' \' || extract(epoch FROM now())::text AND ((NEW.reason = OLD.reason AND r.document IN (\'notification\') AND r.page = OLD.page AND r.item = OLD.item) OR (NEW.before = OLD.before AND NEW.after = OLD.after AND r.document IN (\'act\', \'panel-act\', \'partner-act\') AND EXISTS (SELECT FROM public.workflow_event e WHERE e.id::text = r.item AND e.case_id = OLD.case_id AND e.actor_id = OLD.by_id AND e."at" = OLD.at)))) THEN RETURN NEW; END IF; RAISE EXCEPTION \'notifications_amendment is append-only\' USING ERRCODE = \'23001\';', hash='d2dc5cdb3eb83af6791aafef7468aca23b844c30', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_c155e', table='notifications_amendment', when='BEFORE')),
        ),
        UpdateRight("notifications_amendment", "reason", "app"),
        NotForgotten('act', 'panel-act', 'partner-act', 'missed-date', 'panel-missed-date'),
        migrating.cases_first(undone=True),
    ]
