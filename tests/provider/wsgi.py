"""The provider as gunicorn serves it: its own settings and database, nothing of the service."""

import os
from pathlib import Path

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

FOLDER = Path(os.environ["PROVIDER_FOLDER"])
_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "db.sqlite3"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "oauth2_provider",
    ],
    LOGIN_URL="/login/",
    # Its one secret is invented: hashing it slowly would guard nothing.
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    OAUTH2_PROVIDER={
        "OAUTH2_VALIDATOR_CLASS": "tests.provider.pages.Validator",
        "OIDC_ENABLED": True,
        "OIDC_ISS_ENDPOINT": os.environ["PROVIDER_URL"],
        "OIDC_RSA_PRIVATE_KEY": _key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
        "PKCE_REQUIRED": True,
        "SCOPES": {"openid": "Who somebody is"},
    },
    ROOT_URLCONF="tests.provider.pages",
    SECRET_KEY=os.urandom(32).hex(),
    SESSION_COOKIE_NAME="at_the_provider",
    USE_TZ=True,
)
django.setup()

from django.core.management import call_command  # noqa: E402 - only once it is set up
from django.core.wsgi import get_wsgi_application  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402

call_command("migrate", verbosity=0)
Application.objects.create(
    client_id=os.environ["PROVIDER_CLIENT"],
    client_secret=os.environ["PROVIDER_SECRET"],
    redirect_uris=os.environ["PROVIDER_RETURNS_TO"],
    client_type=Application.CLIENT_CONFIDENTIAL,
    authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
    algorithm=Application.RS256_ALGORITHM,
    skip_authorization=True,
)
application = get_wsgi_application()
