import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
import workflow.audit.walls
from django.conf import settings
from django.db import migrations, models

from workflow import migrating
from workflow.access.rights import Rights, UpdateRight

CHANGED = ("secret", "secret_before", "both_until", "ended_by_id", "ended_at")
# An older release knows no message to a system, nor about one, and could send none. Even the owner sees rows of
# cases only for its own purpose; and what refers to the rows is looked at now, so that the table
# can be altered afterwards.
UNTOLD = (
    "SET CONSTRAINTS ALL IMMEDIATE",
    "SELECT set_config('sight.purpose', 'owner', true)",
    "DELETE FROM workflow_outbox WHERE webhook_id IS NOT NULL",
    "UPDATE workflow_outbox SET cancelled_at = now(), dead_at = NULL"
    " WHERE kind LIKE 'webhook\\_%' AND sent_at IS NULL AND cancelled_at IS NULL",
    # What was sent would be sent again where the post office says that it came back.
    "UPDATE workflow_outbox SET receipt_id = '' WHERE kind LIKE 'webhook\\_%'",
    "SELECT set_config('sight.purpose', '', true)",
)


class Migration(migrating.Migration):
    """Systems of an authority are told of acts on its cases, from the same outbox as people."""

    dependencies = [
        ('workflow', '0050_let_the_worker_see_what_was_rewritten'),
    ]

    operations = [
        migrating.cases_first(),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('address', models.CharField(max_length=300)),
                ('secret', models.CharField(max_length=600)),
                ('secret_before', models.CharField(blank=True, max_length=600)),
                ('both_until', models.DateTimeField(null=True)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('called_at', models.DateTimeField(null=True)),
                ('away', models.PositiveSmallIntegerField(db_default=0, default=0)),
            ],
        ),
        migrations.CreateModel(
            name='WebhookAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('did', models.CharField(choices=[('registered', 'Registered'), ('changed', 'Secret changed'), ('ended', 'Ended'), ('again', 'What was given up told again')], max_length=20)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ('-pk',),
            },
        ),
        migrations.AddField(
            model_name='webhook',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='webhooks', to='workflow.organisation'),
        ),
        migrations.AddField(
            model_name='webhook',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='webhook',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='webhookact',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='webhookact',
            name='webhook',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='workflow.webhook'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='webhookact',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func="RAISE EXCEPTION 'workflow_webhookact is append-only' USING ERRCODE = '23001';", hash='c1942a3c80ec7d2455b1d5135937567b6303e455', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_e0f3e', table='workflow_webhookact', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='webhookact',
            trigger=pgtrigger.compiler.Trigger(name='keep_table', sql=workflow.audit.walls.StandingTriggerSql(func="RAISE EXCEPTION 'workflow_webhookact is append-only' USING ERRCODE = '23001';", hash='2bbde7aba04d51137f3a8b896138f9c4c9b1b573', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_table_cf776', table='workflow_webhookact', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='webhookact',
            constraint=models.CheckConstraint(condition=models.Q(('did__in', ['registered', 'changed', 'ended', 'again'])), name='webhookact_known'),
        ),
        migrations.RemoveConstraint(
            model_name='outbox',
            name='outbox_has_one_recipient',
        ),
        migrations.AddField(
            model_name='outbox',
            name='webhook',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='workflow.webhook'),
        ),
        migrations.AddConstraint(
            model_name='outbox',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', True), ('person__isnull', False), ('webhook__isnull', True)), models.Q(('organisation__isnull', False), ('person__isnull', True), ('webhook__isnull', True)), models.Q(('organisation__isnull', True), ('person__isnull', True), ('webhook__isnull', False)), _connector='OR'), name='outbox_has_one_recipient'),
        ),
        migrations.RemoveIndex(
            model_name='outbox',
            name='outbox_due',
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', True), ('dead_at__isnull', True), ('sent_at__isnull', True), ('webhook__isnull', True)), fields=['next_attempt_at', 'id'], name='outbox_due'),
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', True), ('dead_at__isnull', True), ('sent_at__isnull', True), models.Q(('webhook__isnull', True), _negated=True)), fields=['webhook', 'next_attempt_at', 'id'], name='outbox_due_for_webhooks'),
        ),
        migrations.RemoveIndex(
            model_name='outbox',
            name='outbox_last_sent',
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('sent_at__isnull', False), ('webhook__isnull', True)), fields=['sent_at'], name='outbox_last_sent'),
        ),
        migrations.RemoveIndex(
            model_name='outbox',
            name='outbox_dead',
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('dead_at__isnull', False), ('webhook__isnull', True)), fields=['id'], name='outbox_dead'),
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('dead_at__isnull', False), models.Q(('webhook__isnull', True), _negated=True)), fields=['webhook'], name='outbox_dead_for_webhooks'),
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('webhook__isnull', True), _negated=True), fields=['webhook', '-id'], name='outbox_of_webhooks'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(('address__startswith', 'https://')), name='webhook_is_called_in_secret'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='webhook_is_ended_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('authority', 'address'), name='webhook_once_an_address'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='tell', sql=workflow.audit.walls.StandingTriggerSql(func="INSERT INTO public.workflow_outbox (dedupe, kind, case_id, authority_id, webhook_id, payload, created_at, next_attempt_at, attempts, claims, fault, receipt_id) SELECT 'case:' || e.case_id || ':' || e.sequence || ':w' || w.id, e.act, e.case_id, e.authority_id, w.id, jsonb_build_object('at', e.at), e.recorded_at, e.recorded_at, 0, 0, '', '' FROM added e JOIN public.workflow_webhook w ON w.authority_id = e.authority_id AND w.ended_at IS NULL JOIN public.workflow_case c ON c.id = e.case_id AND NOT c.restricted WHERE e.act <> 'lift_restriction'; RETURN NULL;", hash='c6ab7fe19c5813bb8e9465a16cd7dd5faf3a4b7c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_tell_0ed37', referencing='REFERENCING NEW TABLE AS added ', table='workflow_event', when='AFTER')),
        ),
        # What it is told by stays as it was registered.
        Rights("workflow_webhook", app="SELECT, INSERT", worker="SELECT"),
        *(UpdateRight("workflow_webhook", column, "app") for column in CHANGED),
        UpdateRight("workflow_webhook", "called_at", "worker"),
        UpdateRight("workflow_webhook", "away", "worker"),
        # When it was told again its time to take what waits begins anew.
        Rights("workflow_webhookact", app="SELECT, INSERT", worker="SELECT"),
        # Whoever ends a webhook cancels what waits for it.
        UpdateRight("workflow_outbox", "cancelled_at", "app"),
        migrations.RunSQL(migrations.RunSQL.noop, UNTOLD),
        migrating.cases_first(undone=True),
    ]
