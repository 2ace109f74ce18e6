"""`python3 deploy/local demo`: this file must be readable by any Python 3, to say what it needs."""

import sys
from pathlib import Path

if sys.version_info[:2] < (3, 11):
    sys.exit(
        "Python 3.11 or newer is needed; this is {}.{}. Install it, then run for example "
        "`make demo PYTHON=python3.11`.".format(*sys.version_info)
    )

sys.path[0] = str(Path(__file__).resolve().parent.parent.parent)

from deploy.local.commands import main  # noqa: E402 - the path is known only now

sys.exit(main(sys.argv[1:]))
