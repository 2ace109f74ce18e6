"""Why a file is not taken, in one word; `notifications.attached.words` says it in full."""

KIND = "kind"
PASSWORD = "password"  # noqa: S105 - the word for a file that has one
PROGRAM = "program"
OTHER_FILES = "other_files"
OUTSIDE = "outside"
TRACKED = "tracked"
ANIMATED = "animated"
PICTURE = "picture"
PIXELS = "pixels"
SWOLLEN = "swollen"
TOO_MUCH = "too_much"
DAMAGED = "damaged"
# Said of the service, not of the file.
BUSY = "busy"


class NotTaken(Exception):
    """The file can't be taken, or not be cleaned for sure; `why` is one of the words above."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
