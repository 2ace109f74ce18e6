"""The service's settings. Every one that differs by place comes from the environment.

`.env.example` lists each variable with its default and what it is for. Whatever is missing or
unusable is reported at start as one list.
"""

import secrets
from pathlib import Path

from config import api, documents, outwards
from config.environment import Reader, read_files
from config.signing_in import own_sign_ins, packages

BASE_DIR = Path(__file__).resolve().parent.parent
read_files(BASE_DIR / ".env")
read = Reader()

# Who this process is to the database: `app` serves pages, `worker` sends what is in the outbox,
# `owner` migrates, `none` is a command that needs no database and so no secrets either.
DATABASE_ROLE = read.choice("DATABASE_ROLE", ("app", "worker", "owner", "none"), default="app")
_complete = DATABASE_ROLE != "none"


def _secret(name: str) -> str:
    return read.text(name, None if _complete else secrets.token_urlsafe(50))


# --- What the service is called, and what it may claim to be ------------------------------------
SERVICE_NAME = read.text("SERVICE_NAME", "Report a serious child safeguarding incident")
OPERATOR_NAME = read.text("OPERATOR_NAME", "Example operator (not a government body)")
SUPPORT_EMAIL = read.text("SUPPORT_EMAIL", "support@safeguarding.example")
BRAND_COLOUR = read.text("BRAND_COLOUR", "#1d4f91")
OFFICIAL_SERVICE = read.flag("OFFICIAL_SERVICE", default=False)
STATUTORY_CHANNEL = read.choice(
    "STATUTORY_CHANNEL", ("this-service", "national-system"), default="this-service"
)

# --- Serving -------------------------------------------------------------------------------------
DEBUG = read.flag("DEBUG", default=False)
HTTPS = read.flag("HTTPS", default=True)
SECRET_KEY = _secret("SECRET_KEY")
ALLOWED_HOSTS = read.names("ALLOWED_HOSTS", None if _complete and not DEBUG else "localhost")
# Where people reach the service: the links in its messages begin with it.
SITE_URL = read.site("SITE_URL", public=_complete and HTTPS and not DEBUG)
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "workflow",
    "notifications",
    "reviews",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "oauth2_provider",
    "pghistory",
    "pgtrigger",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.middleware.request_id",
    "config.health.answers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.browser_policy",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.no_store",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "workflow.signing_in.middleware.session_limits",
    "workflow.audit.looks.keeps_looks",
    "workflow.views.keeping.KeepWhatWasTyped",
    "workflow.signing_in.middleware.SecondFactorFirst",
    "allauth.account.middleware.AccountMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

# The first engine draws every page of ours; the second is there for packages that bring pages.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "config.jinja.environment",
            "context_processors": ["config.context.page"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ]
        },
    },
]
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)
FORM_RENDERER = "config.renderer.GovukRenderer"

# --- Storage -------------------------------------------------------------------------------------
_VARIABLES = {"app": "DATABASE_URL", "owner": "DATABASE_OWNER_URL", "worker": "DATABASE_WORKER_URL"}
# Migrations grant rights to all three roles; every other process knows its own alone.
_needed = set(_VARIABLES) if DATABASE_ROLE == "owner" else {DATABASE_ROLE}
_known = {
    role: read.database(variable, required=role in _needed) for role, variable in _VARIABLES.items()
}
# The first migration grants rights to these names, so that no name is fixed in code.
DATABASE_ROLE_NAMES = {role: (found or {}).get("USER", "") for role, found in _known.items()}
# Without an address a driver looks for a server of its own accord, and may find the wrong one.
_NOWHERE = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "none",
    "HOST": "127.0.0.1",
    "PORT": "1",
}
DATABASES = {
    "default": {
        **(_known.get(DATABASE_ROLE) or _known["app"] or _NOWHERE),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": read.number("DATABASE_KEEP_SECONDS", default=60),
        "CONN_HEALTH_CHECKS": True,
    }
}
if DATABASE_ROLE == "owner":
    # Even the owner sees cases only when it says so: whoever serves as it by mistake sees none.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c sight.purpose=owner"
# A database that takes no connection is told from one that answers; nobody waits for minutes.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# In PostgreSQL: no broker that is down keeps anyone from signing in or filing.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
        # Attempts to sign in are counted here, and must not be pushed out by their number.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
REDIS_URL = read.broker("REDIS_URL", None if _complete else "redis://localhost:6379/0")
MASTER_KEY = read.key("MASTER_KEY", length=32, required=_complete)
OTHER_MASTER_KEY = read.key("OTHER_MASTER_KEY", length=32, required=False)
KEY_STORE = Path(read.text("KEY_STORE", None if _complete else str(BASE_DIR / ".local/keys")))
KEY_COPIES = [Path(one) for one in read.names("KEY_COPIES", "")]
KEY_COPIES_DAYS = read.number("KEY_COPIES_DAYS", default=14, least=1)
# Signs the audit log; the worker alone needs it. Its checkpoints lie outside the database too.
AUDIT_KEY = read.key("AUDIT_KEY", length=32, required=False)
AUDIT_CHECKPOINTS = read.path("AUDIT_CHECKPOINTS", KEY_STORE.parent / "checkpoints.jsonl")
STATIC_URL = "static/"
STATIC_ROOT = Path(read.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
# Only what is built is served, never its sources.
_built = BASE_DIR / "static" / "built"
STATICFILES_DIRS = [("built", _built)] if _built.is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- People and sessions -------------------------------------------------------------------------
AUTH_USER_MODEL = "workflow.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_validators = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validators}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_validators}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_validators}.CommonPasswordValidator"},
    {"NAME": f"{_validators}.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/signed-out/"
# What the packages for it are told stands in a file of its own.
globals().update(packages(https=HTTPS))
SIGN_IN_PROVIDERS = own_sign_ins(read, https=HTTPS)
ALLAUTH_TRUSTED_PROXY_COUNT = read.number("TRUSTED_PROXIES", default=0)
globals().update(api.packages(token_minutes=read.number("API_TOKEN_MINUTES", default=10, least=1)))
API_SCOPES, API_FILING_SCOPES = api.SCOPES, frozenset(api.FILING)
API_REQUESTS_PER_MINUTE = read.number("API_REQUESTS_PER_MINUTE", default=300, least=1)

# Which roles require a second factor stands beside the roles; the demo only offers it.
SECOND_FACTOR = read.choice("SECOND_FACTOR", ("required", "offered"), default="required")
if SECOND_FACTOR == "offered" and (HTTPS or OFFICIAL_SERVICE):
    read.wrong("SECOND_FACTOR", "may be offered only with HTTPS=0, in the demo.")

# Each request pushes the end of the session away, so these are limits on idleness.
SESSION_IDLE_MINUTES = read.number("SESSION_IDLE_MINUTES", default=30, least=1)
SESSION_IDLE_MINUTES_PANEL = read.number("SESSION_IDLE_MINUTES_PANEL", default=15, least=1)
SESSION_LONGEST_HOURS = read.number("SESSION_LONGEST_HOURS", default=8, least=1)
SESSION_COOKIE_AGE = SESSION_IDLE_MINUTES * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

# --- Browser security ----------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = read.number("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Language, time and mail ---------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"
globals().update(read.email("EMAIL_URL", "smtp://localhost:25"))
EMAIL_TIMEOUT = read.number("EMAIL_TIMEOUT_SECONDS", default=10, least=1)
DEFAULT_FROM_EMAIL = read.text("FROM_EMAIL", SUPPORT_EMAIL)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_TRANSPORT = read.choice("MAIL_TRANSPORT", ("smtp", "notify"), default="smtp")
# Outside the database, which a restore puts back.
SENDING_HELD = read.choice("SENDING", ("on", "held"), default="on") == "held"
# Only the worker sends, so no other process needs to know the key.
_notifies = MAIL_TRANSPORT == "notify" and DATABASE_ROLE == "worker"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NOTIFY_API_KEY = read.shaped(
    "NOTIFY_API_KEY",
    rf".+-{_UUID}-{_UUID}",
    like="the whole key as Notify shows it once: its name, then two identifiers",
    required=_notifies,
)
NOTIFY_TEMPLATE_ID = read.shaped(
    "NOTIFY_TEMPLATE_ID",
    _UUID,
    like="an identifier as Notify shows it beside the template",
    required=_notifies,
)
NOTIFY_BASE_URL = read.https("NOTIFY_BASE_URL", "https://api.notifications.service.gov.uk")
NOTIFY_TIMEOUT = read.number("NOTIFY_TIMEOUT_SECONDS", default=10, least=1)
PRIVATE_HOSTS, PRIVATE_WEBHOOKS = outwards.told(read)
# In the demo alone: the folder into which its mail server puts what it takes, shown on a page.
DEMO_MAIL = read.text("DEMO_MAIL", "")
if DEMO_MAIL and (HTTPS or OFFICIAL_SERVICE):
    read.wrong("DEMO_MAIL", "shows every message to everyone: only with HTTPS=0, in the demo.")
CLAMD, DOCUMENTS_GB, FILE_UPLOAD_HANDLERS = documents.told(read)

# --- Health --------------------------------------------------------------------------------------
METRICS_TOKEN = read.text("METRICS_TOKEN", "")
# Who is told besides the deadline administrators when a part of the service fails.
ALARM_EMAIL = read.names("ALARM_EMAIL", "")

# --- Logs ----------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonLines"}, "plain": {"()": "config.logs.Plain"}},
    "filters": {"no_secret_address": {"()": "config.logs.NoSecretAddress"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "filters": ["no_secret_address"],
            "stream": "ext://sys.stdout",
            "formatter": read.choice("LOG_FORMAT", ("json", "plain"), default="json"),
        }
    },
    "root": {"handlers": ["stdout"], "level": read.text("LOG_LEVEL", "INFO")},
    # Django would mail errors, with the form that was sent, to administrators.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Its warnings hold what Notify answered, which can name an address.
        "notifications_python_client": {"level": "CRITICAL"},
    },
}

read.finish()
