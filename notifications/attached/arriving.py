"""How a file comes in: in memory alone, and never more of a request than one document may be.

A file on the disk of this machine would lie there unsealed.
"""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from notifications.attached.limits import MOST_BYTES


class InMemory(FileUploadHandler):
    """Keeps at most one document's worth of bytes of a request; of what is larger only its size."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = MOST_BYTES
        self.kept = BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Another file begins; what one request may hold is shared by all of its files."""
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keeps it while there is room."""
        if len(raw_data) <= self.left:
            self.left -= len(raw_data)
            self.kept.write(raw_data)
        else:
            self.left = 0
            self.kept = BytesIO()

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file; one that was too large is empty, with the size it came in."""
        whole = self.kept.tell() == file_size
        self.kept.seek(0)
        return InMemoryUploadedFile(
            file=self.kept if whole else BytesIO(),
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type or "",
            # Also what had no more room in this request is too large.
            size=file_size if whole else max(file_size, MOST_BYTES + 1),
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
