"""How much may be attached, and the few kinds that are taken, each told by its content alone."""

from dataclasses import dataclass

MOST_BYTES = 10 * 1024 * 1024
# What is left of a file when it was cleaned may be a little larger than it came.
MOST_CLEANED = 2 * MOST_BYTES
MOST_OF_A_CASE = 20
BYTES_OF_A_GB = 1024**3


@dataclass(frozen=True)
class Kind:
    """A kind of document: what people call it, how a browser is told, and how its file ends."""

    slug: str
    title: str
    content_type: str
    ending: str


KINDS = {
    kind.slug: kind
    for kind in (
        Kind("pdf", "PDF", "application/pdf", "pdf"),
        Kind(
            "docx",
            "Word document",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "docx",
        ),
        Kind("png", "PNG picture", "image/png", "png"),
        Kind("jpeg", "JPEG picture", "image/jpeg", "jpg"),
        Kind("text", "Plain text", "text/plain; charset=utf-8", "txt"),
    )
}
TAKEN = "PDF, Word (.docx), PNG, JPEG or plain text"
