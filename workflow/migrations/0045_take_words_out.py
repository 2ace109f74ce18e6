"""Two people take words out of every version of an answer; the trail says where and why."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import workflow.audit.walls
import workflow.sealed.fields

from django.conf import settings
from django.db import migrations, models

from workflow import migrating
from workflow.access.rights import Rights, UpdateRight
from workflow.access.rows import CaseRows
from workflow.retention.redaction_walls import NotForgotten, WhileTakenOut


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0044_keys_of_indexes'),
    ]

    operations = [
        migrating.cases_first(),
        migrations.CreateModel(
            name='Redaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=24)),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('document', models.CharField(max_length=40)),
                ('section', models.CharField(max_length=60)),
                ('page', models.CharField(max_length=60)),
                ('item', models.CharField(blank=True, max_length=40)),
                ('field', models.CharField(max_length=60)),
                ('rule', models.CharField(choices=[('named_in_error', 'Somebody is named in error'), ('another_child', 'Another child is named in this child’s case'), ('address', 'An address or a place that must not be known'), ('other', 'Something else that must not be in the record')], max_length=20)),
                ('reason', workflow.sealed.fields.SealedText(origin='workflow_redaction|reason')),
                ('words', workflow.sealed.fields.SealedJSON(null=True, origin='workflow_redaction|words')),
                ('not_before', models.DateField()),
                ('state', models.CharField(choices=[('proposed', 'Waits for another person'), ('declined', 'Declined'), ('confirmed', 'Taken out')], default='proposed', max_length=10)),
                ('answered_role', models.CharField(blank=True, max_length=24)),
                ('answered_on', models.DateField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('copies', models.PositiveIntegerField(default=0)),
                ('confirmed_in', models.CharField(blank=True, editable=False, max_length=60)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='answersevent',
            name='keep_rows',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='disposalstep',
            name='only_when_due',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='answersevent',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func="IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['answers'] = to_jsonb(OLD) - ARRAY['answers'] AND EXISTS (SELECT FROM public.workflow_redaction r WHERE r.case_id = OLD.case_id AND r.confirmed_in = pg_current_xact_id()::text || ' ' || extract(epoch FROM now())::text AND r.document = regexp_replace(OLD.document, '-[0-9]+$', '') AND r.section = OLD.section AND r.item = OLD.item) THEN RETURN NEW; END IF; RAISE EXCEPTION 'workflow_answersevent is append-only' USING ERRCODE = '23001';", hash='f507f63f75c35b4de7e2a34f3619f2e57e8141ea', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_84db6', table='workflow_answersevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='disposalstep',
            trigger=pgtrigger.compiler.Trigger(name='only_when_due', sql=workflow.audit.walls.StandingTriggerSql(declare='DECLARE newest RECORD;', func='\nPERFORM 1 FROM workflow_case WHERE id = NEW.case_id AND disposed_on IS NULL FOR UPDATE;\nIF NOT FOUND THEN\n    RAISE EXCEPTION \'the record was destroyed\' USING ERRCODE = \'23514\';\nEND IF;\n\n            SELECT kind, by_id INTO newest FROM workflow_disposalstep\n                WHERE case_id = NEW.case_id ORDER BY id DESC LIMIT 1;\n            IF (newest.kind IS NOT DISTINCT FROM \'proposed\') = (NEW.kind = \'proposed\') THEN\n                RAISE EXCEPTION \'a proposal waits, or none does\' USING ERRCODE = \'23514\';\n            END IF;\n            IF NEW.kind = \'declined\' THEN RETURN NEW; END IF;\n            IF NEW.kind = \'confirmed\' AND newest.by_id = NEW.by_id THEN\n                RAISE EXCEPTION \'two people destroy a record\' USING ERRCODE = \'23514\';\n            END IF;\n            IF EXISTS (\n                SELECT FROM workflow_legalhold h WHERE h.case_id = NEW.case_id\n                AND NOT EXISTS (SELECT FROM workflow_holdlifted l WHERE l.hold_id = h.id)\n            ) THEN\n                RAISE EXCEPTION \'the record is under a legal hold\' USING ERRCODE = \'23514\';\n            END IF;\n            IF EXISTS (\n                SELECT FROM workflow_case c WHERE c.id = NEW.case_id\n                AND (c.next_due_on IS NOT NULL OR NEW.years < CASE WHEN c.looked_after IS FALSE AND c.care_leaver IS NOT TRUE THEN 35 ELSE 75 END)\n            )\n                OR NEW."on" < NEW.due_on\n                OR NEW.due_on < NEW.last_act_on + make_interval(years => NEW.years::int)\n                OR NEW.last_act_on < coalesce((\n                    SELECT max(e."on") FROM workflow_event e\n                    WHERE e.case_id = NEW.case_id AND e.act NOT IN (\'hold_record\', \'lift_hold\', \'propose_disposal\', \'decline_disposal\', \'confirm_disposal\', \'propose_redaction\', \'decline_redaction\', \'take_words_out\', \'document_clean\', \'document_refused\')\n                ), \'infinity\')\n            THEN\n                RAISE EXCEPTION \'the record is not due yet\' USING ERRCODE = \'23514\';\n            END IF;\n            RETURN NEW;', hash='3e6394656afc809f2cd90cb8d2bda93ed29aa50e', operation='INSERT', pgid='pgtrigger_only_when_due_35d85', table='workflow_disposalstep', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='redaction',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='redaction',
            name='answered_organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.organisation'),
        ),
        migrations.AddField(
            model_name='redaction',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.organisation'),
        ),
        migrations.AddField(
            model_name='redaction',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='redaction',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redactions', to='workflow.case'),
        ),
        migrations.AddField(
            model_name='redaction',
            name='event',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.event'),
        ),
        migrations.AddField(
            model_name='redaction',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.organisation'),
        ),
        migrations.AddIndex(
            model_name='redaction',
            index=models.Index(fields=['case', '-id'], name='redaction_of_case'),
        ),
        migrations.AddConstraint(
            model_name='redaction',
            constraint=models.CheckConstraint(condition=models.Q(('rule__in', ['named_in_error', 'another_child', 'address', 'other'])), name='redaction_rule_known'),
        ),
        migrations.AddConstraint(
            model_name='redaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_by', None), ('event', None), ('state', 'proposed'), ('words__isnull', False)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('event__isnull', False), ('state__in', ['declined', 'confirmed']), ('words__isnull', True)), _connector='OR'), name='redaction_waits_or_answered'),
        ),
        migrations.AddConstraint(
            model_name='redaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('answered_by', models.F('by')), _negated=True), _connector='OR'), name='redaction_by_two_people'),
        ),
        migrations.AddConstraint(
            model_name='redaction',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('case', 'document', 'section', 'item', 'field'), name='redaction_one_waits', violation_error_message='A proposal for this answer waits already.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='redaction',
            trigger=pgtrigger.compiler.Trigger(name='proposed', sql=workflow.audit.walls.StandingTriggerSql(func='\nPERFORM 1 FROM public.workflow_case WHERE id = NEW.case_id AND disposed_on IS NULL FOR UPDATE;\nIF NOT FOUND THEN\n    RAISE EXCEPTION \'the record was destroyed\' USING ERRCODE = \'23514\';\nEND IF;\n\nIF EXISTS (\n                SELECT FROM public.workflow_legalhold h WHERE h.case_id = NEW.case_id\n                AND NOT EXISTS (SELECT FROM public.workflow_holdlifted l WHERE l.hold_id = h.id)\n            ) THEN\n    RAISE EXCEPTION \'the record is under a legal hold\' USING ERRCODE = \'23514\';\nEND IF;\n\n            IF NEW.state <> \'proposed\' OR NEW.confirmed_in <> \'\' THEN\n                RAISE EXCEPTION \'first it is proposed\' USING ERRCODE = \'23514\';\n            END IF;\n            \n            IF NEW.not_before <= NEW."on" AND EXISTS (\n                SELECT FROM public.workflow_case c\n                WHERE c.id = NEW.case_id AND c.notified_on IS NOT NULL\n            ) THEN\n                RAISE EXCEPTION \'whoever received it has time to hold it\' USING ERRCODE = \'23514\';\n            END IF;\n            RETURN NEW;', hash='95b09d35ff46e1f1fd950d7c7e9ae8081bce5681', operation='INSERT', pgid='pgtrigger_proposed_9ad1c', table='workflow_redaction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='redaction',
            trigger=pgtrigger.compiler.Trigger(name='answered_by_another', sql=workflow.audit.walls.StandingTriggerSql(func='\n            IF TG_OP = \'UPDATE\' AND to_jsonb(NEW) - \'authority_id\' = to_jsonb(OLD) - \'authority_id\'\n            THEN\n                RETURN NEW;\n            END IF;\n            IF TG_OP IN (\'DELETE\') OR OLD.state NOT IN (\'proposed\') OR NEW.state IN (\'proposed\')\n                OR to_jsonb(NEW) - ARRAY[\'state\', \'words\', \'answered_by_id\', \'answered_role\', \'answered_organisation_id\', \'answered_on\', \'answered_at\', \'event_id\', \'copies\', \'confirmed_in\'] <> to_jsonb(OLD) - ARRAY[\'state\', \'words\', \'answered_by_id\', \'answered_role\', \'answered_organisation_id\', \'answered_on\', \'answered_at\', \'event_id\', \'copies\', \'confirmed_in\']\n            THEN\n                RAISE EXCEPTION \'a redaction is answered once\' USING ERRCODE = \'23001\';\n            END IF;\n            NEW.confirmed_in := \'\';\n            IF NOT EXISTS (\n                SELECT FROM public.workflow_event e WHERE e.id = NEW.event_id\n                AND e.case_id = NEW.case_id AND e.actor_id = NEW.answered_by_id\n                AND (NEW.state, e.act) IN (\n                    (\'confirmed\', \'take_words_out\'), (\'declined\', \'decline_redaction\')\n                )\n                AND e.payload->>\'document\' = OLD.document AND e.payload->>\'page\' = OLD.page\n                AND e.payload->>\'item\' = OLD.item AND e.payload->>\'field\' = OLD.field\n                AND coalesce(e.payload->>\'copies\', \'0\') = NEW.copies::text\n                AND e.reason_code = OLD.rule\n                AND e."on" = NEW.answered_on AND e.at = NEW.answered_at\n            ) THEN\n                RAISE EXCEPTION \'the trail has to say so\' USING ERRCODE = \'23514\';\n            END IF;\n            IF NEW.state = \'declined\' THEN RETURN NEW; END IF;\n            IF NEW.answered_by_id = OLD.by_id THEN\n                RAISE EXCEPTION \'two people take words out\' USING ERRCODE = \'23514\';\n            END IF;\n            \n            IF NEW.not_before <= NEW."on" AND EXISTS (\n                SELECT FROM public.workflow_case c\n                WHERE c.id = NEW.case_id AND c.notified_on IS NOT NULL\n            ) THEN\n                RAISE EXCEPTION \'whoever received it has time to hold it\' USING ERRCODE = \'23514\';\n            END IF;\n            IF NEW.answered_on < OLD.not_before THEN\n                RAISE EXCEPTION \'whoever received it has time to hold it\' USING ERRCODE = \'23514\';\n            END IF;\n            \nPERFORM 1 FROM public.workflow_case WHERE id = NEW.case_id AND disposed_on IS NULL FOR UPDATE;\nIF NOT FOUND THEN\n    RAISE EXCEPTION \'the record was destroyed\' USING ERRCODE = \'23514\';\nEND IF;\n\nIF EXISTS (\n                SELECT FROM public.workflow_legalhold h WHERE h.case_id = NEW.case_id\n                AND NOT EXISTS (SELECT FROM public.workflow_holdlifted l WHERE l.hold_id = h.id)\n            ) THEN\n    RAISE EXCEPTION \'the record is under a legal hold\' USING ERRCODE = \'23514\';\nEND IF;\n\n            NEW.confirmed_in := pg_current_xact_id()::text || \' \' || extract(epoch FROM now())::text;\n            RETURN NEW;', hash='58a9aeedb54586a23b114ac36461f2876bc77c6d', operation='UPDATE OR DELETE', pgid='pgtrigger_answered_by_another_3b895', table='workflow_redaction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='redaction',
            trigger=pgtrigger.compiler.Trigger(name='keep_table', sql=workflow.audit.walls.StandingTriggerSql(func="RAISE EXCEPTION 'workflow_redaction is append-only' USING ERRCODE = '23001';", hash='47bf93a4b8cd95adbc462738ed1737bc710dcac8', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_table_eb6fa', table='workflow_redaction', when='BEFORE')),
        ),
        Rights("workflow_redaction", app="SELECT, INSERT, UPDATE"),
        CaseRows("workflow_redaction"),
        UpdateRight("workflow_answersevent", "answers", "app"),
        WhileTakenOut("workflow_keptpage"),
        NotForgotten(),
        migrating.cases_first(undone=True),
    ]
