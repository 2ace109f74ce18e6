"""What a notification held in clear ends with the record; until then its history only grows."""

import pgtrigger.compiler
import pgtrigger.migrations
import workflow.audit.walls

from workflow import migrating
from workflow.access.rights import Rights

# As 0002 had it.
ADDED = "SELECT, INSERT"


class Migration(migrating.Migration):

    dependencies = [
        ('notifications', '0003_show_only_rows_of_cases_in_sight'),
        ('workflow', '0040_end_records_by_two_people'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='incidentchildevent',
            name='keep_rows',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='notificationevent',
            name='keep_rows',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='incidentchildevent',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func="IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM workflow_case WHERE id = OLD.case_id AND disposed_on IS NOT NULL) THEN RETURN OLD; END IF; RAISE EXCEPTION 'notifications_incidentchildevent is append-only' USING ERRCODE = '23001';", hash='730b9d5c4a93e05c55df7653f820c62e063cf9bc', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_1a8a6', table='notifications_incidentchildevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notificationevent',
            trigger=pgtrigger.compiler.Trigger(name='keep_rows', sql=workflow.audit.walls.StandingTriggerSql(func="IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM workflow_case WHERE id = OLD.case_id AND disposed_on IS NOT NULL) THEN RETURN OLD; END IF; RAISE EXCEPTION 'notifications_notificationevent is append-only' USING ERRCODE = '23001';", hash='b923acfb8570a7ea5c9d65896ab7bc0f5901c6f8', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_rows_3d9bb', table='notifications_notificationevent', when='BEFORE')),
        ),
        Rights("notifications_incidentchildevent", app="SELECT, INSERT, DELETE", before=ADDED),
        Rights("notifications_notificationevent", app="SELECT, INSERT, DELETE", before=ADDED),
    ]
