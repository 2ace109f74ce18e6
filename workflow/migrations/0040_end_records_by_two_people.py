"""Two people end a record when its period is over and no hold stands; a certificate stays."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
import workflow.audit.walls
import workflow.sealed.fields
from typing import Any

from django.conf import settings
from django.db import migrations, models

from workflow import migrating
from workflow.access.rights import Rights
from workflow.access.rows import CaseRows


def refuse_to_forget(apps: Any, schema_editor: Any) -> None:
    """Undone, holds and certificates would be gone: not while there are any."""
    for name in ("LegalHold", "DisposalStep"):
        if apps.get_model("workflow", name).objects.exists():
            raise RuntimeError(
                "There are legal holds or certificates of destruction. This migration is not undone: "
                "they must outlive it."
            )


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0039_connect_accounts_with_an_organisations_own_sign_in'),
    ]

    operations = [
        migrations.CreateModel(
            name='DisposalStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=24)),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('proposed', 'Destruction proposed'), ('declined', 'Proposal declined'), ('confirmed', 'Destruction confirmed')], max_length=10)),
                ('retention_class', models.CharField(max_length=20)),
                ('years', models.PositiveSmallIntegerField()),
                ('last_act_on', models.DateField()),
                ('due_on', models.DateField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='HoldLifted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=24)),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('reason', workflow.sealed.fields.SealedText(origin='workflow_holdlifted|reason')),
            ],
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=24)),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('mark', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('reason', workflow.sealed.fields.SealedText(origin='workflow_legalhold|reason')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='case',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='case',
            name='update_update',
        ),
        migrations.AddField(
            model_name='case',
            name='disposed_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='disposed_on',
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('disposed_on__isnull', True)), fields=['opened_on', 'id'], name='case_still_kept'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='disposed_by_record', sql=workflow.audit.walls.StandingTriggerSql(func='IF NEW.disposed_on IS NOT DISTINCT FROM (SELECT "on" FROM workflow_disposalstep WHERE case_id = NEW.id AND kind = \'confirmed\') THEN RETURN NEW; END IF; RAISE EXCEPTION \'a record is destroyed by a record of it alone\' USING ERRCODE = \'23514\';', hash='05c7e0b58373fb6b45324bdcde5a7a6bc0157a38', operation='INSERT OR UPDATE OF "disposed_on"', pgid='pgtrigger_disposed_by_record_8bd77', table='workflow_case', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "workflow_caseevent" ("abuse", "authority_id", "aware_on", "aware_time", "care_leaver", "children_count", "disposed_on", "id", "incident_on", "key_id", "last_sequence", "looked_after", "looked_after_by_another", "next_due", "next_due_on", "notified_at", "notified_on", "opened_at", "opened_on", "opening", "outcome", "partnership_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "restricted", "suspected_on", "token", "under_18", "under_25") VALUES (NEW."abuse", NEW."authority_id", NEW."aware_on", NEW."aware_time", NEW."care_leaver", NEW."children_count", NEW."disposed_on", NEW."id", NEW."incident_on", NEW."key_id", NEW."last_sequence", NEW."looked_after", NEW."looked_after_by_another", NEW."next_due", NEW."next_due_on", NEW."notified_at", NEW."notified_on", NEW."opened_at", NEW."opened_on", NEW."opening", NEW."outcome", NEW."partnership_id", NOW(), \'insert\', NEW."id", NEW."place", NEW."restricted", NEW."suspected_on", NEW."token", NEW."under_18", NEW."under_25"); RETURN NULL;', hash='a36ff4524362bc818bbb3671aa4d1bdcdebe4123', operation='INSERT', pgid='pgtrigger_insert_insert_0ae2e', table='workflow_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "workflow_caseevent" ("abuse", "authority_id", "aware_on", "aware_time", "care_leaver", "children_count", "disposed_on", "id", "incident_on", "key_id", "last_sequence", "looked_after", "looked_after_by_another", "next_due", "next_due_on", "notified_at", "notified_on", "opened_at", "opened_on", "opening", "outcome", "partnership_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "restricted", "suspected_on", "token", "under_18", "under_25") VALUES (NEW."abuse", NEW."authority_id", NEW."aware_on", NEW."aware_time", NEW."care_leaver", NEW."children_count", NEW."disposed_on", NEW."id", NEW."incident_on", NEW."key_id", NEW."last_sequence", NEW."looked_after", NEW."looked_after_by_another", NEW."next_due", NEW."next_due_on", NEW."notified_at", NEW."notified_on", NEW."opened_at", NEW."opened_on", NEW."opening", NEW."outcome", NEW."partnership_id", NOW(), \'update\', NEW."id", NEW."place", NEW."restricted", NEW."suspected_on", NEW."token", NEW."under_18", NEW."under_25"); RETURN NULL;', hash='6e6fb94ec4664adb635c64e1202088903767a1b3', operation='UPDATE', pgid='pgtrigger_update_update_220dd', table='workflow_case', when='AFTER')),
        ),
        migrations.AddField(
            model_name='disposalstep',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.organisation'),
        ),
        migrations.AddField(
            model_name='disposalstep',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='disposalstep',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disposal_steps', to='workflow.case'),
        ),
        migrations.AddField(
            model_name='disposalstep',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.organisation'),
        ),
        migrations.AddField(
            model_name='holdlifted',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.organisation'),
        ),
        migrations.AddField(
            model_name='holdlifted',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='holdlifted',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.case'),
        ),
        migrations.AddField(
            model_name='holdlifted',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.organisation'),
        ),
        migrations.AddField(
            model_name='legalhold',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.organisation'),
        ),
        migrations.AddField(
            model_name='legalhold',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='legalhold',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='workflow.case'),
        ),
        migrations.AddField(
            model_name='legalhold',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.organisation'),
        ),
        migrations.AddField(
            model_name='holdlifted',
            name='hold',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='lifted', to='workflow.legalhold'),
        ),
        migrations.AddIndex(
            model_name='disposalstep',
            index=models.Index(fields=['case', '-id'], name='disposal_newest'),
        ),
        migrations.AddConstraint(
            model_name='disposalstep',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['proposed', 'declined', 'confirmed'])), name='disposal_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='disposalstep',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'confirmed')), fields=('case',), name='disposed_once', violation_error_message='The record was destroyed already.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='disposalstep',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func="RAISE EXCEPTION 'workflow_disposalstep is append-only' USING ERRCODE = '23001';", hash='060e408c4faabe7594d51d411920805aa3dc5b50', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_8e7d4', table='workflow_disposalstep', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='disposalstep',
            trigger=pgtrigger.compiler.Trigger(name='keep_table', sql=workflow.audit.walls.StandingTriggerSql(func="RAISE EXCEPTION 'workflow_disposalstep is append-only' USING ERRCODE = '23001';", hash='3faebc37a2da10abb6415de6d4b7fb7d859d0327', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_table_dfa02', table='workflow_disposalstep', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='disposalstep',
            trigger=pgtrigger.compiler.Trigger(name='only_when_due', sql=workflow.audit.walls.StandingTriggerSql(declare='DECLARE newest RECORD;', func='\nPERFORM 1 FROM workflow_case WHERE id = NEW.case_id AND disposed_on IS NULL FOR UPDATE;\nIF NOT FOUND THEN\n    RAISE EXCEPTION \'the record was destroyed\' USING ERRCODE = \'23514\';\nEND IF;\n\n            SELECT kind, by_id INTO newest FROM workflow_disposalstep\n                WHERE case_id = NEW.case_id ORDER BY id DESC LIMIT 1;\n            IF (newest.kind IS NOT DISTINCT FROM \'proposed\') = (NEW.kind = \'proposed\') THEN\n                RAISE EXCEPTION \'a proposal waits, or none does\' USING ERRCODE = \'23514\';\n            END IF;\n            IF NEW.kind = \'declined\' THEN RETURN NEW; END IF;\n            IF NEW.kind = \'confirmed\' AND newest.by_id = NEW.by_id THEN\n                RAISE EXCEPTION \'two people destroy a record\' USING ERRCODE = \'23514\';\n            END IF;\n            IF EXISTS (\n                SELECT FROM workflow_legalhold h WHERE h.case_id = NEW.case_id\n                AND NOT EXISTS (SELECT FROM workflow_holdlifted l WHERE l.hold_id = h.id)\n            ) THEN\n                RAISE EXCEPTION \'the record is under a legal hold\' USING ERRCODE = \'23514\';\n            END IF;\n            IF EXISTS (\n                SELECT FROM workflow_case c WHERE c.id = NEW.case_id\n                AND (c.next_due_on IS NOT NULL OR NEW.years < CASE WHEN c.looked_after IS FALSE AND c.care_leaver IS NOT TRUE THEN 35 ELSE 75 END)\n            )\n                OR NEW."on" < NEW.due_on\n                OR NEW.due_on < NEW.last_act_on + make_interval(years => NEW.years::int)\n                OR NEW.last_act_on < coalesce((\n                    SELECT max(e."on") FROM workflow_event e\n                    WHERE e.case_id = NEW.case_id AND e.act NOT IN (\'hold_record\', \'lift_hold\', \'propose_disposal\', \'decline_disposal\', \'confirm_disposal\')\n                ), \'infinity\')\n            THEN\n                RAISE EXCEPTION \'the record is not due yet\' USING ERRCODE = \'23514\';\n            END IF;\n            RETURN NEW;', hash='8b600cafb178289b35f32da2d1249fcbd26df745', operation='INSERT', pgid='pgtrigger_only_when_due_35d85', table='workflow_disposalstep', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='disposalstep',
            trigger=pgtrigger.compiler.Trigger(name='disposes', sql=workflow.audit.walls.StandingTriggerSql(condition='WHEN (NEW."kind" = \'confirmed\')', func='UPDATE workflow_case SET disposed_on = NEW."on" WHERE id = NEW.case_id; RETURN NULL;', hash='4a12af5c877030717da23ebd534571518a27905e', operation='INSERT', pgid='pgtrigger_disposes_7bb79', table='workflow_disposalstep', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='legalhold',
            index=models.Index(fields=['case'], name='hold_of_case'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='legalhold',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func="RAISE EXCEPTION 'workflow_legalhold is append-only' USING ERRCODE = '23001';", hash='36aff804700740bc3b9e9371e747740d5eaea1e4', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_f692f', table='workflow_legalhold', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='legalhold',
            trigger=pgtrigger.compiler.Trigger(name='keep_table', sql=workflow.audit.walls.StandingTriggerSql(func="RAISE EXCEPTION 'workflow_legalhold is append-only' USING ERRCODE = '23001';", hash='56fad63c96abffb077e19ed82ffb58de00f1b121', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_table_f191f', table='workflow_legalhold', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='legalhold',
            trigger=pgtrigger.compiler.Trigger(name='not_when_gone', sql=workflow.audit.walls.StandingTriggerSql(func="\nPERFORM 1 FROM workflow_case WHERE id = NEW.case_id AND disposed_on IS NULL FOR UPDATE;\nIF NOT FOUND THEN\n    RAISE EXCEPTION 'the record was destroyed' USING ERRCODE = '23514';\nEND IF;\n RETURN NEW;", hash='9c5de901359f1caf6bf9e107c4eee4e0786f2f6b', operation='INSERT', pgid='pgtrigger_not_when_gone_a3966', table='workflow_legalhold', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='holdlifted',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func="RAISE EXCEPTION 'workflow_holdlifted is append-only' USING ERRCODE = '23001';", hash='2db7ffc033dc7f2f5aa960fdde20ab37a2d4fb27', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_cfdd5', table='workflow_holdlifted', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='holdlifted',
            trigger=pgtrigger.compiler.Trigger(name='keep_table', sql=workflow.audit.walls.StandingTriggerSql(func="RAISE EXCEPTION 'workflow_holdlifted is append-only' USING ERRCODE = '23001';", hash='767bd06ed23cabae3350ee0af43137992b36b7da', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_table_611a2', table='workflow_holdlifted', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='holdlifted',
            trigger=pgtrigger.compiler.Trigger(name='lifts_its_own', sql=workflow.audit.walls.StandingTriggerSql(func="\n            IF EXISTS (\n                SELECT FROM workflow_legalhold h JOIN workflow_case c ON c.id = h.case_id\n                WHERE h.id = NEW.hold_id AND h.case_id = NEW.case_id\n                AND (h.organisation_id = NEW.organisation_id\n                    OR h.role = 'la_approver' AND c.authority_id = NEW.organisation_id)\n            ) THEN RETURN NEW; END IF;\n            RAISE EXCEPTION 'a hold is lifted by whoever placed it' USING ERRCODE = '23514';", hash='d0f89238a84333110b3317f8c92eeb6eb37f5796', operation='INSERT', pgid='pgtrigger_lifts_its_own_0e822', table='workflow_holdlifted', when='BEFORE')),
        ),
        Rights("workflow_legalhold", app="SELECT, INSERT", worker="SELECT"),
        Rights("workflow_holdlifted", app="SELECT, INSERT", worker="SELECT"),
        Rights("workflow_disposalstep", app="SELECT, INSERT"),
        # The worker settles the key store by them; it reads no reason, which is sealed.
        CaseRows("workflow_legalhold", worker=True),
        CaseRows("workflow_holdlifted", worker=True),
        CaseRows("workflow_disposalstep"),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_forget),
    ]
