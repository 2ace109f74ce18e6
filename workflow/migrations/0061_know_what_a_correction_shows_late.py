"""What was met may be known late by a correction since; 0062 works it out of those so far."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from workflow import migrating


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0060_know_every_author'),
    ]

    operations = [
        migrating.cases_first(),
        pgtrigger.migrations.RemoveTrigger(
            model_name='deadline',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='deadline',
            name='update_update',
        ),
        migrations.AddField(
            model_name='deadline',
            name='corrected_due_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='deadlineevent',
            name='corrected_due_on',
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('met_on__gt', models.F('corrected_due_on')), ('met_on__lte', models.F('due_on'))), fields=['due_on', 'id'], name='deadline_known_late'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deadline',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "workflow_deadlineevent" ("agreed_on", "authority_id", "calendar_edition", "cancelled_on", "cancelled_why", "case_id", "corrected_due_on", "cycle", "due_on", "duty", "id", "late_reason", "limit_since", "met_at", "met_on", "opened_at", "owed_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "receipt", "rule_edition", "start_on") VALUES (NEW."agreed_on", NEW."authority_id", NEW."calendar_edition", NEW."cancelled_on", NEW."cancelled_why", NEW."case_id", NEW."corrected_due_on", NEW."cycle", NEW."due_on", NEW."duty", NEW."id", NEW."late_reason", NEW."limit_since", NEW."met_at", NEW."met_on", NEW."opened_at", NEW."owed_by_id", NOW(), \'insert\', NEW."id", NEW."receipt", NEW."rule_edition", NEW."start_on"); RETURN NULL;', hash='5ad1f3d5960c9d7dcdd05bf82349a836e584447c', operation='INSERT', pgid='pgtrigger_insert_insert_9cf65', table='workflow_deadline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deadline',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agreed_on" IS DISTINCT FROM (NEW."agreed_on") OR OLD."authority_id" IS DISTINCT FROM (NEW."authority_id") OR OLD."calendar_edition" IS DISTINCT FROM (NEW."calendar_edition") OR OLD."cancelled_on" IS DISTINCT FROM (NEW."cancelled_on") OR OLD."cancelled_why" IS DISTINCT FROM (NEW."cancelled_why") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."corrected_due_on" IS DISTINCT FROM (NEW."corrected_due_on") OR OLD."cycle" IS DISTINCT FROM (NEW."cycle") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."duty" IS DISTINCT FROM (NEW."duty") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."late_reason" IS DISTINCT FROM (NEW."late_reason") OR OLD."limit_since" IS DISTINCT FROM (NEW."limit_since") OR OLD."met_at" IS DISTINCT FROM (NEW."met_at") OR OLD."met_on" IS DISTINCT FROM (NEW."met_on") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."owed_by_id" IS DISTINCT FROM (NEW."owed_by_id") OR OLD."receipt" IS DISTINCT FROM (NEW."receipt") OR OLD."rule_edition" IS DISTINCT FROM (NEW."rule_edition") OR OLD."start_on" IS DISTINCT FROM (NEW."start_on"))', func='INSERT INTO "workflow_deadlineevent" ("agreed_on", "authority_id", "calendar_edition", "cancelled_on", "cancelled_why", "case_id", "corrected_due_on", "cycle", "due_on", "duty", "id", "late_reason", "limit_since", "met_at", "met_on", "opened_at", "owed_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "receipt", "rule_edition", "start_on") VALUES (NEW."agreed_on", NEW."authority_id", NEW."calendar_edition", NEW."cancelled_on", NEW."cancelled_why", NEW."case_id", NEW."corrected_due_on", NEW."cycle", NEW."due_on", NEW."duty", NEW."id", NEW."late_reason", NEW."limit_since", NEW."met_at", NEW."met_on", NEW."opened_at", NEW."owed_by_id", NOW(), \'update\', NEW."id", NEW."receipt", NEW."rule_edition", NEW."start_on"); RETURN NULL;', hash='e85dfd0d2bf08c2108e3adad26147ba9e661d782', operation='UPDATE', pgid='pgtrigger_update_update_4b485', table='workflow_deadline', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(('corrected_due_on__isnull', True), ('met_on__isnull', False), _connector='OR'), name='deadline_corrected_once_met'),
        ),
        migrating.cases_first(undone=True),
    ]
