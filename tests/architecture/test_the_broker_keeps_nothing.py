"""The broker only wakes: it keeps no result, no task waits in it, and JSON alone goes through."""

from datetime import timedelta

from celery.backends.base import DisabledBackend

from config.celery import app


def test_no_result_is_kept_anywhere() -> None:
    assert isinstance(app.backend, DisabledBackend)
    assert app.conf.task_ignore_result is True
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if name.startswith("workflow.")]
    assert len(ours) > 2
    assert all(task.ignore_result for task in ours), ours


def test_json_alone_goes_through() -> None:
    assert app.conf.task_serializer == "json"
    assert app.conf.accept_content == ["json"]


def test_the_beat_counts_seconds_in_utc_and_makes_no_task_wait() -> None:
    assert str(app.conf.timezone) == "UTC"
    assert app.conf.enable_utc is True
    for name, entry in app.conf.beat_schedule.items():
        assert isinstance(entry["schedule"], timedelta), name
        assert not entry["options"].keys() & {"eta", "countdown"}, name
        assert entry["options"]["expires"] <= entry["schedule"].total_seconds(), name
