"""All who wrote a notification are known to it, so that none of them approves it."""

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from workflow import migrating

# Who changed a page of what is not sent yet, from the history of its pages.
ALL_WHO_WROTE = """UPDATE workflow_notificationprocess AS process SET writers = wrote.people
FROM (
    SELECT draft.id, array_agg(DISTINCT page.edited_by_id) AS people
    FROM workflow_notificationprocess draft JOIN workflow_answersevent page
        ON page.case_id = draft.case_id AND page.edited_by_id IS DISTINCT FROM draft.author_id
        AND page.document = 'notification'
            || CASE WHEN draft.cycle > 1 THEN '-' || draft.cycle ELSE '' END
    WHERE (draft.state IN ('referred', 'draft', 'threshold_decision', 'awaiting_approval')
        OR draft.approval_outstanding)
        AND page.edited_by_id IS NOT NULL
    GROUP BY draft.id
) wrote
WHERE wrote.id = process.id"""


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0059_keep_how_an_organisation_is_arranged'),
    ]

    operations = [
        migrating.cases_first(),
        pgtrigger.migrations.RemoveTrigger(
            model_name='notificationprocess',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='notificationprocess',
            name='update_update',
        ),
        migrations.AddField(
            model_name='notificationprocess',
            name='writers',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='notificationprocessevent',
            name='writers',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, size=None),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notificationprocess',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "workflow_notificationprocessevent" ("approval_outstanding", "approved_by_id", "approved_on", "author_id", "authority_id", "case_id", "channel_reference", "cycle", "entered_on", "expected_on", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal", "received_by", "state", "writers") VALUES (NEW."approval_outstanding", NEW."approved_by_id", NEW."approved_on", NEW."author_id", NEW."authority_id", NEW."case_id", NEW."channel_reference", NEW."cycle", NEW."entered_on", NEW."expected_on", NEW."id", NOW(), \'insert\', NEW."id", NEW."proposal", NEW."received_by", NEW."state", NEW."writers"); RETURN NULL;', hash='0ad2e187910fea3356f77be771d8d69224aee15d', operation='INSERT', pgid='pgtrigger_insert_insert_b15bf', table='workflow_notificationprocess', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notificationprocess',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "workflow_notificationprocessevent" ("approval_outstanding", "approved_by_id", "approved_on", "author_id", "authority_id", "case_id", "channel_reference", "cycle", "entered_on", "expected_on", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal", "received_by", "state", "writers") VALUES (NEW."approval_outstanding", NEW."approved_by_id", NEW."approved_on", NEW."author_id", NEW."authority_id", NEW."case_id", NEW."channel_reference", NEW."cycle", NEW."entered_on", NEW."expected_on", NEW."id", NOW(), \'update\', NEW."id", NEW."proposal", NEW."received_by", NEW."state", NEW."writers"); RETURN NULL;', hash='c652a9e2877a2e8cd2934c70e9e4a1d189a656ba', operation='UPDATE', pgid='pgtrigger_update_update_ff5b9', table='workflow_notificationprocess', when='AFTER')),
        ),
        migrations.RunSQL(ALL_WHO_WROTE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='notificationprocess',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('writers__contains', [models.F('approved_by')]), _negated=True), _connector='OR'), name='notification_approver_wrote_nothing'),
        ),
        migrating.cases_first(undone=True),
    ]
