"""Words go from the reason of one act, and from that of no other of its person and moment."""

import pgtrigger.compiler
import pgtrigger.migrations
import workflow.audit.walls

from workflow import migrating


class Migration(migrating.Migration):
    """One table alone is held: whoever waits for it is waited for by nobody."""

    dependencies = [
        ('workflow', '0054_who_may_see_a_case_lengthens_nothing'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='event',
            name='keep_rows',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func='IF TG_OP = \'UPDATE\' AND to_jsonb(NEW) - ARRAY[\'reason\', \'reason_was\'] = to_jsonb(OLD) - ARRAY[\'reason\', \'reason_was\'] AND EXISTS (SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id AND r.confirmed_in = pg_current_xact_id()::text || \' \' || extract(epoch FROM now())::text AND r.document IN (\'act\', \'panel-act\', \'partner-act\') AND EXISTS (SELECT FROM public.workflow_event e WHERE e.id::text = r.item AND e.case_id = OLD.case_id AND e.actor_id = OLD.actor_id AND e."at" = OLD.at AND (e.recorded_at = OLD.recorded_at OR (e.act IN (\'facts_corrected\', \'added_or_corrected\') AND OLD.act IN (\'facts_corrected\', \'added_or_corrected\'))))\nAND NEW.reason_was = coalesce(nullif(OLD.reason_was, \'\'), encode(sha256(OLD.reason), \'hex\'))\nAND EXISTS (SELECT FROM public.workflow_event t WHERE t.id = r.event_id\n    AND t.payload->\'left\'->>OLD.id::text = encode(sha256(NEW.reason), \'hex\'))) THEN RETURN NEW; END IF; RAISE EXCEPTION \'workflow_event is append-only\' USING ERRCODE = \'23001\';', hash='d3ef4fa586275cd857fead80f23abd55b425da3c', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_fa565', table='workflow_event', when='BEFORE')),
        ),
    ]
