"""Acts about who may see a case make its record be kept neither longer nor shorter."""

import pgtrigger.compiler
import pgtrigger.migrations
import workflow.audit.walls

from workflow import migrating


class Migration(migrating.Migration):
    """One table alone is held: whoever waits for it is waited for by nobody."""

    dependencies = [
        ('workflow', '0053_take_words_out_of_reasons'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='disposalstep',
            name='only_when_due',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='disposalstep',
            trigger=pgtrigger.compiler.Trigger(name='only_when_due', sql=workflow.audit.walls.StandingTriggerSql(declare='DECLARE newest RECORD;', func='\nPERFORM 1 FROM workflow_case WHERE id = NEW.case_id AND disposed_on IS NULL FOR UPDATE;\nIF NOT FOUND THEN\n    RAISE EXCEPTION \'the record was destroyed\' USING ERRCODE = \'23514\';\nEND IF;\n\n            SELECT kind, by_id INTO newest FROM workflow_disposalstep\n                WHERE case_id = NEW.case_id ORDER BY id DESC LIMIT 1;\n            IF (newest.kind IS NOT DISTINCT FROM \'proposed\') = (NEW.kind = \'proposed\') THEN\n                RAISE EXCEPTION \'a proposal waits, or none does\' USING ERRCODE = \'23514\';\n            END IF;\n            IF NEW.kind = \'declined\' THEN RETURN NEW; END IF;\n            IF NEW.kind = \'confirmed\' AND newest.by_id = NEW.by_id THEN\n                RAISE EXCEPTION \'two people destroy a record\' USING ERRCODE = \'23514\';\n            END IF;\n            IF EXISTS (\n                SELECT FROM workflow_legalhold h WHERE h.case_id = NEW.case_id\n                AND NOT EXISTS (SELECT FROM workflow_holdlifted l WHERE l.hold_id = h.id)\n            ) THEN\n                RAISE EXCEPTION \'the record is under a legal hold\' USING ERRCODE = \'23514\';\n            END IF;\n            IF EXISTS (\n                SELECT FROM workflow_case c WHERE c.id = NEW.case_id\n                AND (c.next_due_on IS NOT NULL OR NEW.years < CASE WHEN c.looked_after IS FALSE AND c.care_leaver IS NOT TRUE THEN 35 ELSE 75 END)\n            )\n                OR NEW."on" < NEW.due_on\n                OR NEW.due_on < NEW.last_act_on + make_interval(years => NEW.years::int)\n                OR NEW.last_act_on < coalesce((\n                    SELECT max(e."on") FROM workflow_event e\n                    WHERE e.case_id = NEW.case_id AND e.act NOT IN (\'hold_record\', \'lift_hold\', \'propose_disposal\', \'decline_disposal\', \'confirm_disposal\', \'propose_redaction\', \'decline_redaction\', \'take_words_out\', \'document_clean\', \'document_refused\', \'restrict\', \'name_people\', \'lift_restriction\')\n                ), \'infinity\')\n            THEN\n                RAISE EXCEPTION \'the record is not due yet\' USING ERRCODE = \'23514\';\n            END IF;\n            RETURN NEW;', hash='3c820198fbe7f73ee2b1c2ce9f473f728a8cf04e', operation='INSERT', pgid='pgtrigger_only_when_due_35d85', table='workflow_disposalstep', when='BEFORE')),
        ),
    ]
