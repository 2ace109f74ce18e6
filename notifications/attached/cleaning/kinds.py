"""Which kind a file is: by how it begins, never by what it is called or said to be."""

from notifications.attached.cleaning import parts, pdf, pictures, plain, word
from notifications.attached.cleaning.refused import KIND, NotTaken

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"


def clean(content: bytes) -> tuple[str, bytes]:
    """The file's kind and the cleaned file; NotTaken says why not.

    The kind must begin at the first byte: what only a forgiving reader finds, another reads as
    something else.
    """
    if content.startswith(b"%PDF-"):
        return "pdf", pdf.clean(content)
    if content.startswith(parts.PNG):
        return "png", pictures.clean(content, "png")
    if content.startswith(parts.JPEG):
        return "jpeg", pictures.clean(content, "jpeg")
    if content.startswith(_ZIP):
        return "docx", word.clean(content)
    if content.startswith(_OLE):
        # An older Word file, or a newer one behind a password.
        raise NotTaken(KIND)
    return "text", plain.clean(content)
