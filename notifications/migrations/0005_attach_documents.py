"""Documents of a case: what is known of each, and where its content lies until and once it is clean."""

from typing import Any

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import workflow.audit.walls
import workflow.sealed.fields
from django.conf import settings
from django.db import migrations, models

from workflow import migrating
from workflow.access.rights import AddRight, ReadRight, Rights, UpdateRight, WorkerAdds
from workflow.access.rows import CaseRows

REMOVED = ("state", "removed_by_id", "removed_at")
# A case passes to another authority with every row of it.
PASSED_ON = "authority_id"
TABLES = (
    "notifications_attacheddocument",
    "notifications_quarantinedcontent",
    "notifications_scannedcontent",
)
FOUND = ("state", "looks", "fault", "next_look_at", "settled_at")
# Neither its name nor what it is about.
READ = ("id", "case_id", "authority_id", "number", "by_id", "at", "salt", "digest", *FOUND)
NAMED = ("document_id", "case_id", "authority_id")
# What the scanner said stands in the trail: of such an entry neither who made it nor its salt.
ENTRY = (
    "case_id", "authority_id", "sequence", "act", "machine", "number", "capacity",
    "on", "at", "reason_code", "reason", "payload", "recorded_at",
)  # fmt: skip
# It is of a document that is there and is what the entry says, in no words (31 bytes are an empty
# text, sealed), and it is counted.
SCANNED = """
capacity = 'system' AND machine = 'notification' AND number = 1
AND reason_code = '' AND octet_length(reason) = 31
AND payload - 'document' - 'digest' = '{}'
AND EXISTS (
    SELECT FROM notifications_attacheddocument d
    WHERE d.case_id = workflow_event.case_id AND workflow_event.act = 'document_' || d.state
    AND d.state IN ('clean', 'refused')
    AND to_jsonb(d.number) = workflow_event.payload->'document'
    AND d.digest = workflow_event.payload->>'digest'
)
AND EXISTS (
    SELECT FROM workflow_case c
    WHERE c.id = workflow_event.case_id AND c.authority_id = workflow_event.authority_id
    AND c.last_sequence = workflow_event.sequence AND c.disposed_on IS NULL
)
"""
# Whoever acts on a case comes to its row first, and waits there while it holds nothing else.
CASES_FIRST = "LOCK TABLE workflow_case IN EXCLUSIVE MODE"
# As all that only grows.
ADDED = "SELECT, INSERT"
ARRIVAL = ("kind", "entry", "case_number", "commitment", "arrived_at")


def refuse_to_forget(apps: Any, schema_editor: Any) -> None:
    """Undone, what is attached would be gone, under a legal hold too: not while there is any."""
    if apps.get_model("notifications", "AttachedDocument").objects.exists():
        message = (
            "Documents are attached to cases. This migration is not undone: they must outlive it."
        )
        raise RuntimeError(message)


class Migration(migrating.Migration):

    dependencies = [
        ('notifications', '0004_end_records_by_two_people'),
        ('workflow', '0042_name_somebody_of_two_partners_as_both'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(CASES_FIRST, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='AttachedDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(max_length=8)),
                ('size', models.PositiveIntegerField()),
                ('name', workflow.sealed.fields.SealedText(origin='notifications_attacheddocument|name')),
                ('about', workflow.sealed.fields.SealedText(origin='notifications_attacheddocument|about')),
                ('salt', workflow.sealed.fields.SealedBytes(origin='notifications_attacheddocument|salt')),
                ('digest', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('held', 'Held until it is scanned'), ('clean', 'Ready'), ('refused', 'Refused'), ('removed', 'Removed')], default='held', max_length=8)),
                ('at', models.DateTimeField()),
                ('looks', models.PositiveIntegerField(default=0)),
                ('fault', models.CharField(blank=True, max_length=16)),
                ('next_look_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.organisation')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attached', to='workflow.case')),
                ('removed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['case', 'number'],
            },
        ),
        migrations.CreateModel(
            name='QuarantinedContent',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='notifications.attacheddocument')),
                ('content', workflow.sealed.fields.SealedBytes(origin='notifications_quarantinedcontent|content')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.organisation')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.case')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ScannedContent',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='notifications.attacheddocument')),
                ('content', workflow.sealed.fields.SealedBytes(origin='notifications_scannedcontent|content')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.organisation')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.case')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='attacheddocument',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['next_look_at', 'id'], name='attached_held'),
        ),
        migrations.AddConstraint(
            model_name='attacheddocument',
            constraint=models.UniqueConstraint(fields=('case', 'number'), name='attached_once_by_number'),
        ),
        migrations.AddConstraint(
            model_name='attacheddocument',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['pdf', 'docx', 'png', 'jpeg', 'text'])), name='attached_kind_known', violation_error_message='The document is of no kind that is taken.'),
        ),
        migrations.AddConstraint(
            model_name='attacheddocument',
            constraint=models.CheckConstraint(condition=models.Q(('size__gte', 1), ('size__lte', 10485760)), name='attached_not_too_large', violation_error_message='A document must be 10 MB or smaller.'),
        ),
        migrations.AddConstraint(
            model_name='attacheddocument',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('removed_at__isnull', False), ('removed_by__isnull', False), ('state', 'removed')), models.Q(('removed_at__isnull', True), ('removed_by__isnull', True), models.Q(('state', 'removed'), _negated=True)), _connector='OR'), name='attached_removed_by_somebody'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attacheddocument',
            trigger=pgtrigger.compiler.Trigger(name='one_way', sql=workflow.audit.walls.StandingTriggerSql(func="IF TG_OP = 'UPDATE' AND (OLD.state = NEW.state OR OLD.state = 'held' AND NEW.state IN ('clean', 'refused', 'removed') OR OLD.state = 'clean' AND NEW.state = 'removed') THEN RETURN NEW; END IF; RAISE EXCEPTION 'an attached document goes one way alone' USING ERRCODE = '23514';", hash='2af66aba186a9413e64b96fec3c3daa6d128b8cf', operation='UPDATE OR DELETE', pgid='pgtrigger_one_way_9962b', table='notifications_attacheddocument', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attacheddocument',
            trigger=pgtrigger.compiler.Trigger(name='keep_table', sql=workflow.audit.walls.StandingTriggerSql(func="RAISE EXCEPTION 'notifications_attacheddocument is append-only' USING ERRCODE = '23001';", hash='a107eb97f458f5ecf63a726da71902774a8ecfb9', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_table_7b336', table='notifications_attacheddocument', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='quarantinedcontent',
            trigger=pgtrigger.compiler.Trigger(name='kept_under_hold', sql=workflow.audit.walls.StandingTriggerSql(func="IF EXISTS (\n                SELECT FROM workflow_legalhold h WHERE h.case_id = OLD.case_id\n                AND NOT EXISTS (SELECT FROM workflow_holdlifted l WHERE l.hold_id = h.id)\n            ) AND NOT EXISTS (SELECT FROM notifications_scannedcontent t WHERE t.document_id = OLD.document_id) THEN RAISE EXCEPTION 'the record is under a legal hold' USING ERRCODE = '23514'; END IF; RETURN OLD;", hash='471ec7e91e580fd42019ea7b42675792f66b6365', operation='DELETE', pgid='pgtrigger_kept_under_hold_93df4', table='notifications_quarantinedcontent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scannedcontent',
            trigger=pgtrigger.compiler.Trigger(name='kept_under_hold', sql=workflow.audit.walls.StandingTriggerSql(func="IF EXISTS (\n                SELECT FROM workflow_legalhold h WHERE h.case_id = OLD.case_id\n                AND NOT EXISTS (SELECT FROM workflow_holdlifted l WHERE l.hold_id = h.id)\n            ) THEN RAISE EXCEPTION 'the record is under a legal hold' USING ERRCODE = '23514'; END IF; RETURN OLD;", hash='6fda610ff869b59bb3650fe5b12125dbb953da2c', operation='DELETE', pgid='pgtrigger_kept_under_hold_7fb8c', table='notifications_scannedcontent', when='BEFORE')),
        ),
        # Pages add what is held and take away what is removed; the worker says what was found.
        Rights("notifications_attacheddocument", app="SELECT, INSERT"),
        *(UpdateRight("notifications_attacheddocument", column, "app") for column in REMOVED),
        *(ReadRight("notifications_attacheddocument", column, "worker") for column in READ),
        *(UpdateRight("notifications_attacheddocument", column, "worker") for column in FOUND),
        CaseRows("notifications_attacheddocument", worker=True),
        # What pages write here only the worker reads; what it writes there only pages read.
        Rights("notifications_quarantinedcontent", app="INSERT, DELETE", worker="SELECT, DELETE"),
        *(ReadRight("notifications_quarantinedcontent", column, "app") for column in NAMED),
        CaseRows("notifications_quarantinedcontent", worker=True),
        Rights("notifications_scannedcontent", app="SELECT, DELETE", worker="INSERT"),
        # To know what may leave its quarantine under a legal hold.
        ReadRight("notifications_scannedcontent", "document_id", "worker"),
        *(UpdateRight(table, PASSED_ON, "app") for table in TABLES),
        CaseRows("notifications_scannedcontent", worker=True),
        *(AddRight("workflow_event", column, "worker") for column in ENTRY),
        WorkerAdds("workflow_event", SCANNED),
        # By the trigger that takes each entry into the log.
        *(AddRight("workflow_arrival", column, "worker") for column in ARRIVAL),
        # With it comes the right to lock a case; what the row was before is kept by a trigger.
        UpdateRight("workflow_case", "last_sequence", "worker"),
        Rights("workflow_caseevent", app=ADDED, worker="INSERT", before=ADDED),
        WorkerAdds("workflow_caseevent", "pgh_label = 'update'"),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_forget),
    ]
