"""The beat's day: keys of no case go, and the store is copied."""

import logging

from celery import shared_task

from workflow import clock
from workflow.sealed import keys
from workflow.sealed.errors import SealedError
from workflow.sealed.sweeping import settle_keys, sweep_keys

log = logging.getLogger(__name__)


@shared_task(name="workflow.sealed.tasks.sweep_keys_now")
def sweep_keys_now() -> None:
    """Keys of no case are destroyed, and holds and ended records settled, as the database says.

    Where no key is known none is destroyed, and the log says so.
    """
    try:
        orphans = sweep_keys()
        settled = settle_keys()
    except (SealedError, OSError) as refusal:
        log.error("keys were not swept: %s", refusal)  # noqa: TRY400
        return
    if orphans:
        log.info("%s keys of no case destroyed", len(orphans))
    if settled.ended or settled.held or settled.let_go:
        log.info(
            "%s keys of ended records destroyed, %s holds marked, %s let go",
            len(settled.ended), len(settled.held), len(settled.let_go),
        )  # fmt: skip
    if settled.unknown or settled.in_the_way or settled.back_again or settled.out_of_reach:
        log.error(
            "%s keys are held by a mark that the database does not know, and %s of records that"
            " ended; %s records that were ended are back, and %s keys lie in a copy that can’t be"
            " written: manage.py sweep_keys --dry-run --json lists them",
            len(settled.unknown), len(settled.in_the_way), len(settled.back_again),
            len(settled.out_of_reach),
        )  # fmt: skip


@shared_task(name="workflow.sealed.tasks.copy_keys_now")
def copy_keys_now() -> None:
    """Every place of copies has a new one; a place that could not take it is named in the log."""
    done = keys.copy(clock.now())
    for place, trouble in done.failed.items():
        log.error("the key store was not copied to %s: %s", place, trouble)
    if done.made:
        log.info("%s keys copied to %s places", done.keys, len(done.made))
