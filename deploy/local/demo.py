"""The demo: the real service with invented cases, all its processes, until it is told to stop."""

import fcntl
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from deploy.local import install, postgres, services
from deploy.local.given import given, refuse_wrong_settings
from deploy.local.parts import (
    PAUSE,
    RUNNING,
    WEB,
    AnyPart,
    Part,
    Parts,
    all_running,
    refuse_a_death,
    wanted_pause,
)
from deploy.local.places import LOCAL, LOGS, PYTHON, StopError, make_local, say, shown
from deploy.local.programs import end_recorded, last_lines, run

MAIL = LOCAL / "mail"
# How far the invented cases have come is noted on the database itself, so it goes with the data.
SEEDING, SEEDED = "invented cases: being made", "invented cases: complete"


def wanted_port(value: str) -> int:
    """The port as a number; StopError when it is none."""
    if value.isascii() and value.isdigit() and 0 < int(value) < 65536:
        return int(value)
    raise StopError(f"DEMO_PORT must be a port number from 1 to 65535, not {value!r}.")


@contextmanager
def only_one() -> Iterator[None]:
    """Inside, no other demo of this project runs, nor anything that one has left behind."""
    make_local()
    with (LOCAL / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StopError(
                "The demo of this folder is running already: stop it first (Ctrl-C where it runs)."
            ) from None
        # A demo that was killed outright could not stop its processes, and they hold the port.
        if left := end_recorded(RUNNING):
            say(f"Stopped what an earlier demo left running: {', '.join(left)}")
        yield


def listening(port: int) -> socket.socket:
    """A socket on the port, held from now on; StopError when somebody else has it."""
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(("127.0.0.1", port))
        taken.listen()
    except PermissionError:
        taken.close()
        raise StopError(f"You may not use port {port}: choose one with DEMO_PORT=8001.") from None
    except OSError:
        taken.close()
        raise StopError(
            f"Port {port} is taken by another program: run `make demo DEMO_PORT={port % 65535 + 1}`"
            " or stop that program."
        ) from None
    return taken


def manage(
    command: str, *arguments: str, env: Mapping[str, str], doing: str, aloud: bool = False
) -> str:
    """What a command of the service said, once it ended well."""
    say(doing)
    line = [PYTHON, "-u", "manage.py", command, *arguments]
    return run(line, log=command, env=env, doing=f"`manage.py {command}`", aloud=aloud)


def prepare_data(env: dict[str, str]) -> None:
    """The tables are up to date; a new database holds reference data and invented cases."""
    owner = env["DATABASE_OWNER_URL"]
    note = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = "
    state = services.psql(owner, f"{note} current_database()")
    if state == SEEDING:
        start_again(env)
    manage("migrate", env=env, doing="Bringing the tables up to date")
    if state == SEEDED:
        return
    manage("load_reference", env=env, doing="Loading authorities, police areas, ICBs and codes")
    remark(owner, SEEDING)
    words = "Filing invented cases through the service (a minute or two)"
    manage("seed_demo", env=env, doing=words, aloud=True)
    remark(owner, SEEDED)


def remark(owner: str, words: str) -> None:
    """The words are noted on the database."""
    services.psql(
        owner,
        f"SELECT format('COMMENT ON DATABASE %I IS %L', current_database(), '{words}') \\gexec",
    )


def start_again(env: dict[str, str]) -> None:
    """What an interrupted first start left is gone: half of the invented cases proves nothing."""
    if not services.is_built_in(env):
        raise StopError(
            "The first start of the demo was interrupted, and half of its cases are in your "
            "database: empty that database, then start again."
        )
    say("The first start was interrupted: beginning again with empty tables")
    services.psql(
        env["DATABASE_OWNER_URL"],
        "SELECT format('COMMENT ON DATABASE %I IS NULL', current_database()) \\gexec\n"
        "DROP OWNED BY CURRENT_USER;",
    )


def parts(env: dict[str, str], web: socket.socket) -> Iterator[Part]:
    """The mail sink, the web process, the worker, the beat and the watchdog."""
    mail_port = postgres.free_port()
    sink = ["-n", "-l", f"127.0.0.1:{mail_port}", "-c", "deploy.local.mail.Folder", str(MAIL)]
    yield Part("mail", ("aiosmtpd", *sink), env)
    env = env | {"EMAIL_URL": f"smtp://127.0.0.1:{mail_port}"}
    app, worker = services.private_values(env, "app"), services.private_values(env, "worker")
    app["DEMO_MAIL"] = str(MAIL)
    gunicorn = ["gunicorn", "config.wsgi", "--bind", f"fd://{web.fileno()}", "--workers", "2"]
    gunicorn += ["--threads", "4", "--no-control-socket"]
    yield Part(WEB, tuple(gunicorn), app, (web.fileno(),))
    celery = ("celery", "-A", "config")
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    worker["C_FORCE_ROOT"] = "1"
    yield Part("worker", (*celery, "worker", "--concurrency", "1", *quiet), worker)
    (LOCAL / "beat").mkdir(exist_ok=True)
    schedule = str(LOCAL / "beat" / "schedule")
    yield Part("beat", (*celery, "beat", "--schedule", schedule, "--pidfile="), worker)
    yield Part("watchdog", ("manage", "watchdog"), worker)


def wait_for_pages(address: str, running: list[AnyPart]) -> None:
    """Returns when the sign-in page is there; StopError when it is not within a minute."""
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        refuse_a_death(running)
        try:
            urllib.request.urlopen(f"{address}/account/login/", timeout=10)
        except urllib.error.HTTPError as refused:
            log = LOGS / "web.log"
            raise StopError(
                f"The sign-in page answers {refused.code}. The end of {shown(log)}:\n"
                f"{last_lines(log)}"
            ) from None
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise StopError(f"The pages did not appear within a minute: see {shown(LOGS / 'web.log')}.")


def demo() -> int:
    """The demo has run until it was interrupted; nothing that it started is left."""
    values = given()
    port = wanted_port(values.get("DEMO_PORT") or "8000")
    pause = wanted_pause(values.get("DEMO_RESTART_AFTER") or PAUSE)
    with only_one(), listening(port) as web:
        install.everything(for_tests=False)
        refuse_wrong_settings(values)
        with services.running() as env:
            env.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
            prepare_data(env)
            none = env | {"DATABASE_ROLE": "none"}
            manage("collectstatic", "--noinput", env=none, doing="Collecting static files")
            people = manage("demo_people", env=env, doing="Starting web, worker and beat")
            own_broker = not values.get("REDIS_URL")
            with all_running(parts(env, web), broker=own_broker, pause=pause) as running:
                address = f"http://127.0.0.1:{port}"
                wait_for_pages(address, running.running)
                announce(address, people, running)
                while True:
                    time.sleep(0.5)
                    running.look()


def announce(address: str, people: str, running: Parts) -> None:
    """What a newcomer needs is on the terminal."""
    say("Ready")
    print(f"\n{people.rstrip()}\n")
    print(f"  Open      {address}")
    print(f"  Mail      {address}/demo/mail/ (nothing is really sent; the files: {shown(MAIL)})")
    print(f"  Logs      {shown(LOGS)}")
    numbers = ", ".join(f"{part.name} {part.pid}" for part in running.running)
    print(f"  Processes {numbers}")
    print("            `kill` any but the web to see what the service does without it: it starts")
    print(f"            again after {running.pause} seconds (DEMO_RESTART_AFTER=3600: an hour)")
    print("  Stop      Ctrl-C\n", flush=True)
