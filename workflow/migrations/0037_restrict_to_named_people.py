"""A case can be restricted to named people: all other grants of it are set aside meanwhile."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import workflow.audit.walls
import workflow.sealed.fields
from django.conf import settings
from django.db import migrations, models

from workflow import migrating
from workflow.access.rights import Rights
from workflow.access.rows import CaseRows


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0036_let_other_systems_ask'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseRestriction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('restricts', models.BooleanField()),
                ('role', models.CharField(max_length=24)),
                ('reason', workflow.sealed.fields.SealedText(origin='workflow_caserestriction|reason')),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='case',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='case',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='grant',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='grant',
            name='update_update',
        ),
        migrations.RemoveIndex(
            model_name='grant',
            name='grant_in_force',
        ),
        migrations.AddField(
            model_name='case',
            name='restricted',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='restricted',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='grant',
            name='named_at',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.organisation'),
        ),
        migrations.AddField(
            model_name='grant',
            name='set_aside',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='grantevent',
            name='named_at',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workflow.organisation'),
        ),
        migrations.AddField(
            model_name='grantevent',
            name='set_aside',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='withheld',
            field=models.CharField(blank=True, choices=[('', 'Sent'), ('overtaken', 'A later reminder of the same date went instead'), ('told_with_panel', 'Told with the reminder to notify the Panel'), ('signed', 'The partner’s view had been given'), ('restricted', 'The case was restricted, and the person is not named to it'), ('gathered', 'The facts had been gathered: the meeting or the draft was recorded')], max_length=16),
        ),
        migrations.AddIndex(
            model_name='grant',
            index=models.Index(condition=models.Q(('withdrawn_at__isnull', True)), fields=['case'], include=('organisation', 'person', 'named_at', 'capacity', 'since', 'until', 'expires_at', 'set_aside'), name='grant_in_force'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='restricted_by_record', sql=workflow.audit.walls.StandingTriggerSql(func="IF NEW.restricted = coalesce((SELECT restricts FROM workflow_caserestriction WHERE case_id = NEW.id ORDER BY id DESC LIMIT 1), false) THEN RETURN NEW; END IF; RAISE EXCEPTION 'a case is restricted by a record of it alone' USING ERRCODE = '23514';", hash='9ba55266f862740bd1f965efd21f947818572675', operation='INSERT OR UPDATE OF "restricted"', pgid='pgtrigger_restricted_by_record_39fbf', table='workflow_case', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "workflow_caseevent" ("abuse", "authority_id", "aware_on", "aware_time", "care_leaver", "children_count", "id", "incident_on", "key_id", "last_sequence", "looked_after", "looked_after_by_another", "next_due", "next_due_on", "notified_at", "notified_on", "opened_at", "opened_on", "opening", "outcome", "partnership_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "restricted", "suspected_on", "token", "under_18", "under_25") VALUES (NEW."abuse", NEW."authority_id", NEW."aware_on", NEW."aware_time", NEW."care_leaver", NEW."children_count", NEW."id", NEW."incident_on", NEW."key_id", NEW."last_sequence", NEW."looked_after", NEW."looked_after_by_another", NEW."next_due", NEW."next_due_on", NEW."notified_at", NEW."notified_on", NEW."opened_at", NEW."opened_on", NEW."opening", NEW."outcome", NEW."partnership_id", NOW(), \'insert\', NEW."id", NEW."place", NEW."restricted", NEW."suspected_on", NEW."token", NEW."under_18", NEW."under_25"); RETURN NULL;', hash='7007a63f2f76f8a5be3e0a51259f94aa7ff313a2', operation='INSERT', pgid='pgtrigger_insert_insert_0ae2e', table='workflow_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "workflow_caseevent" ("abuse", "authority_id", "aware_on", "aware_time", "care_leaver", "children_count", "id", "incident_on", "key_id", "last_sequence", "looked_after", "looked_after_by_another", "next_due", "next_due_on", "notified_at", "notified_on", "opened_at", "opened_on", "opening", "outcome", "partnership_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "restricted", "suspected_on", "token", "under_18", "under_25") VALUES (NEW."abuse", NEW."authority_id", NEW."aware_on", NEW."aware_time", NEW."care_leaver", NEW."children_count", NEW."id", NEW."incident_on", NEW."key_id", NEW."last_sequence", NEW."looked_after", NEW."looked_after_by_another", NEW."next_due", NEW."next_due_on", NEW."notified_at", NEW."notified_on", NEW."opened_at", NEW."opened_on", NEW."opening", NEW."outcome", NEW."partnership_id", NOW(), \'update\', NEW."id", NEW."place", NEW."restricted", NEW."suspected_on", NEW."token", NEW."under_18", NEW."under_25"); RETURN NULL;', hash='a02a10511caa72f4a9b5ab1a6a042f3b283cc750', operation='UPDATE', pgid='pgtrigger_update_update_220dd', table='workflow_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='grant',
            trigger=pgtrigger.compiler.Trigger(name='set_aside', sql=workflow.audit.walls.StandingTriggerSql(func='NEW.set_aside := NEW.named_at_id IS NULL AND (SELECT restricted FROM workflow_case WHERE id = NEW.case_id); RETURN NEW;', hash='9c8c4771537cb0a76033d59c9432c530a89d9b03', operation='INSERT OR UPDATE', pgid='pgtrigger_set_aside_28e33', table='workflow_grant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='grant',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "workflow_grantevent" ("authority_id", "capacity", "case_id", "expires_at", "given_by_id", "id", "named_at_id", "organisation_id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "set_aside", "since", "until", "withdrawn_at") VALUES (NEW."authority_id", NEW."capacity", NEW."case_id", NEW."expires_at", NEW."given_by_id", NEW."id", NEW."named_at_id", NEW."organisation_id", NEW."person_id", NOW(), \'insert\', NEW."id", NEW."reason", NEW."set_aside", NEW."since", NEW."until", NEW."withdrawn_at"); RETURN NULL;', hash='4dbdf28c279ff01f44163bee3c10e2e8cc1c8e71', operation='INSERT', pgid='pgtrigger_insert_insert_c793a', table='workflow_grant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='grant',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "workflow_grantevent" ("authority_id", "capacity", "case_id", "expires_at", "given_by_id", "id", "named_at_id", "organisation_id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "set_aside", "since", "until", "withdrawn_at") VALUES (NEW."authority_id", NEW."capacity", NEW."case_id", NEW."expires_at", NEW."given_by_id", NEW."id", NEW."named_at_id", NEW."organisation_id", NEW."person_id", NOW(), \'update\', NEW."id", NEW."reason", NEW."set_aside", NEW."since", NEW."until", NEW."withdrawn_at"); RETURN NULL;', hash='b89596c67b1853884ea20900290a6e59b9e4b81c', operation='UPDATE', pgid='pgtrigger_update_update_b6e09', table='workflow_grant', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('named_at__isnull', True), ('person__isnull', False), _connector='OR'), name='grant_by_name_is_to_a_person'),
        ),
        migrations.AddField(
            model_name='caserestriction',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.organisation'),
        ),
        migrations.AddField(
            model_name='caserestriction',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='caserestriction',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restrictions', to='workflow.case'),
        ),
        migrations.AddField(
            model_name='caserestriction',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.organisation'),
        ),
        migrations.AddIndex(
            model_name='caserestriction',
            index=models.Index(fields=['case', '-id'], name='caserestriction_newest'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caserestriction',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func="RAISE EXCEPTION 'workflow_caserestriction is append-only' USING ERRCODE = '23001';", hash='dcc38ef093a5817a2ae35e266690616240b8c3f9', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_0a773', table='workflow_caserestriction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caserestriction',
            trigger=pgtrigger.compiler.Trigger(name='keep_table', sql=workflow.audit.walls.StandingTriggerSql(func="RAISE EXCEPTION 'workflow_caserestriction is append-only' USING ERRCODE = '23001';", hash='cf0fff9eab43e309e5b7c8dd9ece05a911d9b669', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_table_4b82c', table='workflow_caserestriction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caserestriction',
            trigger=pgtrigger.compiler.Trigger(name='takes_effect', sql=workflow.audit.walls.StandingTriggerSql(func='UPDATE workflow_case SET restricted = NEW.restricts WHERE id = NEW.case_id; UPDATE workflow_grant SET set_aside = NEW.restricts WHERE case_id = NEW.case_id AND named_at_id IS NULL; RETURN NULL;', hash='56fd4d280318e9457546a77168880cae5bd3270c', operation='INSERT', pgid='pgtrigger_takes_effect_4c0f4', table='workflow_caserestriction', when='AFTER')),
        ),
        Rights("workflow_caserestriction", app="SELECT, INSERT"),
        CaseRows("workflow_caserestriction"),
        # Their rules know named people, and one more purpose: that of administrators.
        CaseRows("workflow_grant", worker=True, again=True),
        CaseRows("workflow_case", key="id", worker=True, again=True),
        CaseRows("workflow_deadline", worker=True, again=True),
    ]
