"""The primary need of a child in need is kept among the codes that are counted."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from workflow import migrating


class Migration(migrating.Migration):

    dependencies = [
        ('notifications', '0009_take_words_out_of_reasons'),
    ]

    operations = [
        migrating.cases_first(),
        pgtrigger.migrations.RemoveTrigger(
            model_name='incidentchild',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='incidentchild',
            name='update_update',
        ),
        migrations.AddField(
            model_name='incidentchild',
            name='primary_need',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='incidentchildevent',
            name='primary_need',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='incidentchild',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "notifications_incidentchildevent" ("age", "age_band", "age_basis", "agencies", "authority_id", "care_leaver", "case_id", "child_in_need", "died", "died_on", "disabilities", "ethnicity", "harmed", "health_condition", "id", "identified", "immigration", "known_to_social_care", "legal_status", "living_arrangement", "looked_after", "mental_health", "notification_id", "ordinal", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_out_of_area", "placement", "primary_need", "protection_category", "protection_plan", "residence", "role", "school_status", "sex") VALUES (NEW."age", NEW."age_band", NEW."age_basis", NEW."agencies", NEW."authority_id", NEW."care_leaver", NEW."case_id", NEW."child_in_need", NEW."died", NEW."died_on", NEW."disabilities", NEW."ethnicity", NEW."harmed", NEW."health_condition", NEW."id", NEW."identified", NEW."immigration", NEW."known_to_social_care", NEW."legal_status", NEW."living_arrangement", NEW."looked_after", NEW."mental_health", NEW."notification_id", NEW."ordinal", NOW(), \'insert\', NEW."id", NEW."placed_out_of_area", NEW."placement", NEW."primary_need", NEW."protection_category", NEW."protection_plan", NEW."residence", NEW."role", NEW."school_status", NEW."sex"); RETURN NULL;', hash='aa9d13037a8e4b007fee65360282950eff5ffb19', operation='INSERT', pgid='pgtrigger_insert_insert_70d93', table='notifications_incidentchild', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='incidentchild',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "notifications_incidentchildevent" ("age", "age_band", "age_basis", "agencies", "authority_id", "care_leaver", "case_id", "child_in_need", "died", "died_on", "disabilities", "ethnicity", "harmed", "health_condition", "id", "identified", "immigration", "known_to_social_care", "legal_status", "living_arrangement", "looked_after", "mental_health", "notification_id", "ordinal", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_out_of_area", "placement", "primary_need", "protection_category", "protection_plan", "residence", "role", "school_status", "sex") VALUES (NEW."age", NEW."age_band", NEW."age_basis", NEW."agencies", NEW."authority_id", NEW."care_leaver", NEW."case_id", NEW."child_in_need", NEW."died", NEW."died_on", NEW."disabilities", NEW."ethnicity", NEW."harmed", NEW."health_condition", NEW."id", NEW."identified", NEW."immigration", NEW."known_to_social_care", NEW."legal_status", NEW."living_arrangement", NEW."looked_after", NEW."mental_health", NEW."notification_id", NEW."ordinal", NOW(), \'update\', NEW."id", NEW."placed_out_of_area", NEW."placement", NEW."primary_need", NEW."protection_category", NEW."protection_plan", NEW."residence", NEW."role", NEW."school_status", NEW."sex"); RETURN NULL;', hash='a21a29f56a3b188b62c1cbda91ba78e23e4b65f2', operation='UPDATE', pgid='pgtrigger_update_update_78e6a', table='notifications_incidentchild', when='AFTER')),
        ),
        migrating.cases_first(undone=True),
    ]
