"""Words are taken out of what a document is called and about, of one text alone."""

import pgtrigger.compiler
import pgtrigger.migrations
import workflow.audit.walls

from workflow import migrating
from workflow.access.rights import UpdateRight
from workflow.retention.redaction_walls import NotForgotten


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0045_take_words_out'),
        ('notifications', '0007_take_words_out'),
    ]

    operations = [
        migrating.cases_first(),
        pgtrigger.migrations.AddTrigger(
            model_name='attacheddocument',
            trigger=pgtrigger.compiler.Trigger(name='said_for_good', sql=workflow.audit.walls.StandingTriggerSql(func="IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['name', 'about'] = to_jsonb(OLD) - ARRAY['name', 'about'] AND EXISTS (SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id AND r.confirmed_in = pg_current_xact_id()::text || ' ' || extract(epoch FROM now())::text AND r.document = 'document' AND r.item = OLD.id::text AND to_jsonb(NEW) - r.field::text = to_jsonb(OLD) - r.field::text) THEN RETURN NEW; END IF; RAISE EXCEPTION 'notifications_attacheddocument is append-only' USING ERRCODE = '23001';", hash='70c2f9957cd20ccd2056fe78cae9d1f7c9e79d41', operation='UPDATE OF "name", "about"', pgid='pgtrigger_said_for_good_6d601', table='notifications_attacheddocument', when='BEFORE')),
        ),
        UpdateRight("notifications_attacheddocument", "name", "app"),
        UpdateRight("notifications_attacheddocument", "about", "app"),
        NotForgotten(),
        migrating.cases_first(undone=True),
    ]
