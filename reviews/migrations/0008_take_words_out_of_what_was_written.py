"""Words are taken out of a partner's view and of what the Panel wrote, of one text alone."""

import pgtrigger.compiler
import pgtrigger.migrations
import workflow.audit.walls

from workflow import migrating
from workflow.access.rights import UpdateRight
from workflow.retention.redaction_walls import NotForgotten


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0045_take_words_out'),
        ('reviews', '0007_take_words_out'),
    ]

    operations = [
        migrating.cases_first(),
        pgtrigger.migrations.RemoveTrigger(
            model_name='signoff',
            name='keep_rows',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='assessment',
            name='keep_rows',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='panelresponse',
            name='keep_rows',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signoff',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func="IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['position', 'comment'] = to_jsonb(OLD) - ARRAY['position', 'comment'] AND EXISTS (SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id AND r.confirmed_in = pg_current_xact_id()::text || ' ' || extract(epoch FROM now())::text AND r.document = 'sign-off' AND r.item = OLD.id::text AND to_jsonb(NEW) - r.field::text = to_jsonb(OLD) - r.field::text) THEN RETURN NEW; END IF; RAISE EXCEPTION 'reviews_signoff is append-only' USING ERRCODE = '23001';", hash='515b8a7f83c167ddf6b99b82a7c6bc9e84416965', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_1107c', table='reviews_signoff', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func="IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['learning', 'notes'] = to_jsonb(OLD) - ARRAY['learning', 'notes'] AND EXISTS (SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id AND r.confirmed_in = pg_current_xact_id()::text || ' ' || extract(epoch FROM now())::text AND r.document = 'panel-findings' AND r.item = OLD.id::text AND to_jsonb(NEW) - r.field::text = to_jsonb(OLD) - r.field::text) THEN RETURN NEW; END IF; RAISE EXCEPTION 'reviews_assessment is append-only' USING ERRCODE = '23001';", hash='b9af0c36152b3dd743ae15f132bd3d01c91b3e57', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_3f449', table='reviews_assessment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='panelresponse',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func="IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['text'] = to_jsonb(OLD) - ARRAY['text'] AND EXISTS (SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id AND r.confirmed_in = pg_current_xact_id()::text || ' ' || extract(epoch FROM now())::text AND r.document = 'panel-response' AND r.item = OLD.id::text AND to_jsonb(NEW) - r.field::text = to_jsonb(OLD) - r.field::text) THEN RETURN NEW; END IF; RAISE EXCEPTION 'reviews_panelresponse is append-only' USING ERRCODE = '23001';", hash='cc5317ad07a14522a2c9c4561bd8022c1b363c5d', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_c8fe4', table='reviews_panelresponse', when='BEFORE')),
        ),
        UpdateRight("reviews_signoff", "comment", "app"),
        UpdateRight("reviews_signoff", "position", "app"),
        UpdateRight("reviews_assessment", "learning", "app"),
        UpdateRight("reviews_assessment", "notes", "app"),
        UpdateRight("reviews_panelresponse", "text", "app"),
        NotForgotten(),
        migrating.cases_first(undone=True),
    ]
