"""`python -m tests.docs`: write every part of the documentation that is made from code.

`make docs` runs it. A test fails when a part differs from what the code says.
"""

import os

import django


def main() -> None:
    """Each part says what the code says; needs no database and no secrets."""
    os.environ.setdefault("DATABASE_ROLE", "none")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from tests.docs import pages  # noqa: PLC0415 - Django comes first.

    for page in pages.with_parts():
        page.write_text(pages.renewed(page), encoding="utf-8")
    pages.DESCRIPTION.write_text(pages.described(), encoding="utf-8")


if __name__ == "__main__":
    main()
