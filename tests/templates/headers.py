"""What an answer must say to a browser, whatever its address and its status."""

from typing import Any

from django.conf import settings

SAID = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
POLICY = {"default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"}
# Words that would let a page run what stands in it, or what comes from anywhere.
LOOSE = ("unsafe", "*", "data:", "blob:", "http:", "https:")


def lacking(answer: Any) -> list[str]:
    """What the headers of an answer lack, or say too much; empty when nothing does."""
    found = [f"{name}: {answer.headers.get(name)}" for name, value in SAID.items()
             if answer.headers.get(name) != value]  # fmt: skip
    policy = answer.headers.get("Content-Security-Policy", "")
    if missing := POLICY - {one.strip() for one in policy.split(";")}:
        found.append(f"no policy of {sorted(missing)}")
    found += [f"a policy with {word}" for word in LOOSE if word in policy]
    request = getattr(answer, "wsgi_request", None)
    known = settings.SESSION_COOKIE_NAME in (request.COOKIES if request else {})
    if (known or answer.cookies) and "no-store" not in answer.headers.get("Cache-Control", ""):
        found.append("may be kept by a browser")
    for name, cookie in answer.cookies.items():
        # One that is taken back says nothing any more.
        if cookie["max-age"] != 0 and not (cookie["httponly"] and cookie["samesite"] == "Lax"):
            found.append(f"the cookie {name} is shown to scripts or to other sites")
    return found
