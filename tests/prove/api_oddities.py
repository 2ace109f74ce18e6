"""Bodies and headers that programs with faults in them send."""

from tests.prove.calling import FORM
from tests.workflow.api import addresses

RAW = (
    b"", b" ", b"x", b"[]", b"null", b"1", b'"x"', b"NaN", b"{", b'{"pages": NaN}', b"[" * 5000,
    b'{"a":' * 5000, b'{"pages": {}, "pages": {}}', b'{"pages": "\xff"}', b"\xef\xbb\xbf{}",
    b'{"page": -Infinity}', b'{"x": ' + b"1" * 5000 + b"}", b'{"pages": {"basis": {"\\u0000": 1}}}',
    b'{"reason": "\\ud800"}', b'{"\\ud800": 1}', b"\0", b"a=b&c=d", b'{"": ""}',
)  # fmt: skip
BEARERS = ("", "Bearer", "Bearer ", "Bearer x", "bearer {}", "Basic {}", "{}", "Bearer {} x",
           "Bearer \u00e9", "Bearer " + "x" * 5000, "Token {}")  # fmt: skip
KEYS = ("", "short", "x" * 201, "k" * 8, "key \u00e9 key", "key\tkey key", " " * 9)
KINDS_OF_BODY = (
    "",
    "text/plain",
    FORM,
    "application/json; charset=utf-16",
    "application/json;",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "json",
    "x" * 500,
)
TAGS = ("", "*", '"', '"x"', "W/{}", "{}, {}", "x" * 5000, '"0-0"')
HEADERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Authorization", BEARERS), ("Authorization", BEARERS), ("Idempotency-Key", KEYS),
    ("Content-Type", KINDS_OF_BODY), ("Content-Encoding", ("gzip", "identity", "", "x")),
    ("If-Match", TAGS), ("Accept", addresses.SENT), ("Host", ("", "evil.example", "127.0.0.1:x")),
    ("If-None-Match", TAGS), ("Range", ("bytes=0-1", "x")), ("X-Http-Method-Override", ("PUT",)),
    ("Cookie", ("sessionid=x", "x")),
)  # fmt: skip
# What stands where HTTP Basic tells a system and its secret.
CREDENTIALS = (
    "Basic", "Basic x", "Basic eDp4", "Bearer x", "Basic \u00e9", "Basic Og==", "x",
    "Basic AHg6eA==", "Basic w6k6eA==", "Basic JTAwOng=", "Basic eDolMDA=",
)  # fmt: skip
