"""The signing of a rapid review is over once every partner has given its view."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import workflow.audit.walls

from workflow import migrating


class Migration(migrating.Migration):
    """One state, and the moves to and from it."""

    dependencies = [
        ("workflow", "0010_transfer_between_authorities"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="rapidreview",
            name="legal_edges",
        ),
        migrations.RemoveConstraint(
            model_name="rapidreview",
            name="rapid_review_legal_state",
        ),
        migrations.AlterField(
            model_name="rapidreview",
            name="state",
            field=models.CharField(
                choices=[
                    ("opened", "Opened"),
                    ("agency_returns", "Gathering facts"),
                    ("meeting_held", "Meeting held"),
                    ("drafted", "Drafted"),
                    ("partner_signoff", "Partners signing"),
                    ("signed", "All signed"),
                    ("submitted", "Sent"),
                    ("panel_triage", "Panel triage"),
                    ("panel_considered", "Panel considered"),
                    ("response_issued", "Response issued"),
                    ("reply_awaited", "Reply asked for"),
                    ("replied", "Partners replied"),
                    ("returned_for_more_information", "Returned"),
                    ("superseded_by_national_review", "National review"),
                    ("no_longer_required", "Not required"),
                ],
                default="opened",
                max_length=50,
            ),
        ),
        migrations.AlterField(
            model_name="rapidreviewevent",
            name="state",
            field=models.CharField(
                choices=[
                    ("opened", "Opened"),
                    ("agency_returns", "Gathering facts"),
                    ("meeting_held", "Meeting held"),
                    ("drafted", "Drafted"),
                    ("partner_signoff", "Partners signing"),
                    ("signed", "All signed"),
                    ("submitted", "Sent"),
                    ("panel_triage", "Panel triage"),
                    ("panel_considered", "Panel considered"),
                    ("response_issued", "Response issued"),
                    ("reply_awaited", "Reply asked for"),
                    ("replied", "Partners replied"),
                    ("returned_for_more_information", "Returned"),
                    ("superseded_by_national_review", "National review"),
                    ("no_longer_required", "Not required"),
                ],
                default="opened",
                max_length=50,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rapidreview",
            trigger=pgtrigger.compiler.Trigger(
                name="legal_edges",
                sql=workflow.audit.walls.StandingTriggerSql(
                    func="IF OLD.state = NEW.state OR (OLD.state, NEW.state) IN (('agency_returns', 'drafted'), ('agency_returns', 'meeting_held'), ('agency_returns', 'no_longer_required'), ('agency_returns', 'partner_signoff'), ('agency_returns', 'submitted'), ('agency_returns', 'superseded_by_national_review'), ('drafted', 'no_longer_required'), ('drafted', 'partner_signoff'), ('drafted', 'submitted'), ('drafted', 'superseded_by_national_review'), ('meeting_held', 'drafted'), ('meeting_held', 'no_longer_required'), ('meeting_held', 'partner_signoff'), ('meeting_held', 'submitted'), ('meeting_held', 'superseded_by_national_review'), ('opened', 'agency_returns'), ('opened', 'drafted'), ('opened', 'meeting_held'), ('opened', 'no_longer_required'), ('opened', 'partner_signoff'), ('opened', 'submitted'), ('opened', 'superseded_by_national_review'), ('panel_considered', 'no_longer_required'), ('panel_considered', 'reply_awaited'), ('panel_considered', 'response_issued'), ('panel_considered', 'returned_for_more_information'), ('panel_considered', 'superseded_by_national_review'), ('panel_triage', 'no_longer_required'), ('panel_triage', 'panel_considered'), ('panel_triage', 'returned_for_more_information'), ('panel_triage', 'superseded_by_national_review'), ('partner_signoff', 'no_longer_required'), ('partner_signoff', 'signed'), ('partner_signoff', 'submitted'), ('partner_signoff', 'superseded_by_national_review'), ('reply_awaited', 'no_longer_required'), ('reply_awaited', 'replied'), ('returned_for_more_information', 'no_longer_required'), ('returned_for_more_information', 'submitted'), ('returned_for_more_information', 'superseded_by_national_review'), ('signed', 'no_longer_required'), ('signed', 'submitted'), ('signed', 'superseded_by_national_review'), ('submitted', 'no_longer_required'), ('submitted', 'panel_considered'), ('submitted', 'panel_triage'), ('submitted', 'returned_for_more_information'), ('submitted', 'superseded_by_national_review')) THEN RETURN NEW; END IF; RAISE EXCEPTION 'workflow_rapidreview: % does not lead to %', OLD.state, NEW.state USING ERRCODE = '23514';",  # noqa: E501
                    hash="966d3d5ebd938a3cc3ba2750259990e76a1f052f",
                    operation='UPDATE OF "state"',
                    pgid="pgtrigger_legal_edges_8753f",
                    table="workflow_rapidreview",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="rapidreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "agency_returns",
                            "drafted",
                            "meeting_held",
                            "no_longer_required",
                            "opened",
                            "panel_considered",
                            "panel_triage",
                            "partner_signoff",
                            "replied",
                            "reply_awaited",
                            "response_issued",
                            "returned_for_more_information",
                            "signed",
                            "submitted",
                            "superseded_by_national_review",
                        ],
                    )
                ),
                name="rapid_review_legal_state",
            ),
        ),
    ]
