"""Install what the service needs into the project's own folders, and only when it changed."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from deploy.local.places import LOCAL, LOGS, PROJECT, PYTHON, VENV, StopError, say, shown
from deploy.local.programs import FailedError, run

REQUIREMENTS = PROJECT / "requirements"
NODE_AT_LEAST = 20
UNREACHABLE = re.compile(
    r"NewConnectionError|Failed to establish|Temporary failure in name|ConnectTimeout|"
    r"Max retries exceeded|Could not find a version|No matching distribution|ENOTFOUND|"
    r"ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ProxyError",
)
BUILT = PROJECT / "static" / "built"
MODULES = PROJECT / "node_modules"


def digest(paths: Iterable[Path]) -> str:
    """A number that changes when the name or the content of any of the files does."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.relative_to(PROJECT)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_stamped(stamp: Path, value: str) -> bool:
    """Whether this very thing was done before."""
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == value


def venv() -> None:
    """`.venv` holds a Python that runs; an unusable one is made anew."""
    probe = [PYTHON, "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
    try:
        if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
            return
    except OSError:
        pass
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise StopError(
            "This Python cannot make virtual environments: install its venv module (Debian and "
            "Ubuntu: apt-get install python3-venv), then run this again."
        )
    say("Making the virtual environment .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-m", "venv", str(VENV)], log="venv", doing="Making .venv")


def python_packages(name: str, *, covers: Iterable[str] = ()) -> None:
    """The packages of requirements/NAME.txt are in `.venv`, each checked against its hash."""
    file = REQUIREMENTS / f"{name}.txt"
    if is_stamped(VENV / f".installed-{name}", digest([file])):
        return
    say(f"Installing the packages of {shown(file)} (the first time takes a minute or two)")
    pip = [PYTHON, "-m", "pip", "install", "--require-hashes", "--only-binary=:all:", "--no-deps"]
    quiet = ["--disable-pip-version-check", "--no-input", "--retries", "2", "--timeout", "20"]
    try:
        run([*pip, *quiet, "-r", str(file)], log="pip", doing="Installing Python packages")
    except FailedError as failed:
        raise unreachable(failed, "Python", LOGS / "pip.log") from None
    for each in (name, *covers):
        (VENV / f".installed-{each}").write_text(digest([REQUIREMENTS / f"{each}.txt"]))


def unreachable(failed: FailedError, what: str, log: Path) -> StopError:
    """The sentence for a package index that does not answer, or the failure as it is."""
    if not UNREACHABLE.search(failed.output) or "No space left" in failed.output:
        return failed
    return StopError(
        f"The {what} packages could not be downloaded: no package index answered. Check the "
        f"network, then run this again. (Details: {shown(log)})"
    )


def node_version(path: str) -> int:
    """The major version of the Node on this search path; 0 without Node or npm."""
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if not node or not npm:
        return 0
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)", done.stdout)
    return int(found[1]) if found else 0


def path_with_node() -> str:
    """A search path that leads to Node and npm: the machine's, or those of a Python package."""
    path = os.environ.get("PATH", os.defpath)
    if node_version(path) >= NODE_AT_LEAST:
        return path
    python_packages("node")
    return f"{VENV / 'bin'}{os.pathsep}{path}"


def front_end() -> None:
    """The style sheets and scripts are built from their npm packages."""
    lock = digest([PROJECT / "package.json", PROJECT / "package-lock.json"])
    sources = [
        path
        for path in (PROJECT / "static").rglob("*")
        if path.is_file() and not path.is_relative_to(BUILT)
    ]
    build = digest([*sources, PROJECT / "package-lock.json"])
    if is_stamped(MODULES / ".installed", lock) and is_stamped(BUILT / ".built", build):
        return
    # What is downloaded lies in this folder too, so that nothing is left of it elsewhere.
    env = os.environ | {"PATH": path_with_node(), "npm_config_cache": str(LOCAL / "npm")}
    npm = shutil.which("npm", path=env["PATH"]) or "npm"
    if not is_stamped(MODULES / ".installed", lock):
        say("Installing the front end's npm packages")
        install = [npm, "ci", "--no-audit", "--no-fund", "--fetch-retries=1"]
        try:
            run(install, log="npm", env=env, doing="Installing npm packages")
        except FailedError as failed:
            raise unreachable(failed, "npm", LOGS / "npm.log") from None
        (MODULES / ".installed").write_text(lock)
    say("Building the front end")
    run([npm, "run", "build"], log="npm-build", env=env, doing="Building the front end")
    BUILT.mkdir(parents=True, exist_ok=True)
    (BUILT / ".built").write_text(build)


def everything(*, for_tests: bool) -> None:
    """All that the demo needs is installed, and for tests their tools as well."""
    venv()
    if for_tests:
        python_packages("test", covers=["local"])
    else:
        python_packages("local")
    front_end()
