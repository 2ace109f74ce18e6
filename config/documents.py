"""What is told about documents: where they are scanned, and that none comes in but by memory."""

import re

from config.environment import Reader

HANDLERS = ["notifications.attached.arriving.InMemory"]
_PLACE = re.compile(r"tcp://[A-Za-z0-9.\-]+(:[0-9]{1,5})?|unix:///.+")


def told(read: Reader) -> tuple[str, int, list[str]]:
    """Where clamd listens, "" for nowhere; how many GB an authority's may be; how one comes in.

    What is wrong with either is in the list of problems.
    """
    place = read.text("CLAMD", "")
    if place and not _PLACE.fullmatch(place):
        read.wrong("CLAMD", "must be like tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl.")
    return place, read.number("DOCUMENTS_GB", default=10, least=1), HANDLERS
