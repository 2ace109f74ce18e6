"""The pages of the documentation, and the parts of them that are made from code.

A part stands between two comments, `<!-- made from code: NAME -->` and `<!-- end -->`.
"""

import json
import re
from pathlib import Path

from tests.docs import parts
from workflow.api import openapi

PROJECT = Path(__file__).resolve().parent.parent.parent
PART = re.compile(
    r"(?P<begin><!-- made from code: (?P<name>[\w-]+) -->\n)(?P<text>.*?)(?P<end><!-- end -->)",
    re.DOTALL,
)

# For programs, what every address for programs takes and answers.
DESCRIPTION = PROJECT / "docs" / "openapi.json"


def described() -> str:
    """What that file says, as the code now is."""
    return json.dumps(openapi.document(), indent=1, ensure_ascii=False) + "\n"


def all_pages() -> list[Path]:
    """Every page that people read, in order."""
    beside = (PROJECT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md"))
    return [*beside, *sorted((PROJECT / "docs").rglob("*.md"))]


def with_parts() -> list[Path]:
    """The pages of which a part is made from code."""
    return [page for page in all_pages() if PART.search(page.read_text(encoding="utf-8"))]


def renewed(page: Path) -> str:
    """The page with each such part as the code now says; KeyError for a part of no known name."""

    def part(found: re.Match[str]) -> str:
        made = parts.ALL[found["name"]]().strip()
        return f"{found['begin']}\n{made}\n\n{found['end']}"

    return PART.sub(part, page.read_text(encoding="utf-8"))
