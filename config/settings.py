"""The one settings file: every value comes from the environment (see .env.example) or from a default for a laptop.

In production a missing DATABASE_URL, REDIS_URL or LLM_URL stops the boot with a sentence naming it; in development and
tests the embedded services of config.embedded stand in for whatever is unset.
"""

import os
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from config import csp, embedded, log_lines, rate_limits, schedule, secrets
from config.stores import store

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")
env.ENVIRON = secrets.Environment(os.environ)
env.ENVIRON = secrets.Environment(
    os.environ,
    secrets.manager(
        env.str("SECRETS_MANAGER_NAME", ""),
        region=env.str("SECRETS_MANAGER_REGION", ""),
        endpoint=env.str("SECRETS_MANAGER_ENDPOINT", ""),
    ),
)
GIVEN = env.ENVIRON  # everything this process was told, for core.redaction to know its secrets

# ── Where this process runs ─────────────────────────────────────────────────────────────────────────────────────────
ENVIRONMENT = env.str("ENVIRONMENT", "development")
if ENVIRONMENT not in {"development", "test", "production"}:
    raise ImproperlyConfigured(f"ENVIRONMENT must be development, test or production, not {ENVIRONMENT!r}.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", False)
STATE_DIR = Path(env.str("STATE_DIR", str(BASE_DIR / ".local")))


def required(name: str, what: str) -> str:
    """Return the setting `name`; in production an empty one stops the boot with a sentence that names it."""
    value: str = env.str(name, "")
    if PRODUCTION and not value:
        raise ImproperlyConfigured(f"{name} is not set: production needs {what}. See .env.example.")
    return value


def local(wanted: set[str]) -> Mapping[str, str]:
    """Addresses of the embedded services that stand in for what is unset."""
    return embedded.urls(STATE_DIR, wanted, durable=ENVIRONMENT != "test") if wanted else {}


_given = {
    "DATABASE_URL": required("DATABASE_URL", "a PostgreSQL address"),
    "REDIS_URL": required("REDIS_URL", "a Redis or Valkey address"),
}
_local = local({name for name, key in {"database": "DATABASE_URL", "valkey": "REDIS_URL"}.items() if not _given[key]})
DATABASE_URL = _given["DATABASE_URL"] or _local["DATABASE_URL"]
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", "") or _local.get("DATABASE_OWNER_URL", DATABASE_URL)
REDIS_URL = _given["REDIS_URL"] or _local["REDIS_URL"]

SECRET_KEY = required("SECRET_KEY", "a long random secret") or embedded.secret_key(STATE_DIR)
# Encrypt personal columns (core.fields): newest first, comma-separated.
FIELD_KEYS = secrets.Live(lambda: (required("FIELD_KEYS", "a Fernet key") or embedded.field_key(STATE_DIR)).split(","))
SITE_URL = env.str("SITE_URL", "http://localhost:8000")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# ── Parts ───────────────────────────────────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "core",
    "unfold.apps.BasicAppConfig",  # the default one would put its own admin site in place of ours
    "unfold.contrib.filters",
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "template_partials",
    "csp",
    "audit",
    "accounts",
    "organizations",
    "billing",
    "books",
]
MIDDLEWARE = [
    "core.middleware.request_id",
    "accounts.middleware.even_pace",
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.headers",
    "config.csp.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.acting_as",
    "accounts.middleware.SessionSeen",
    "accounts.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.preferences",
    "core.middleware.person",
    "core.middleware.refusals",
    "config.acting.Refusals",
    "accounts.middleware.Doors",
    "accounts.middleware.Consent",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "organizations.context.shell",
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── Database: the web role; migrations and backups use the owner's (core.management.commands.migrate) ───────────────
DATABASES = {
    "default": {
        **env.db_url_config(DATABASE_URL),
        "ENGINE": "core.postgres",
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
# Prepared statements and session state do not survive a pooler in transaction mode; see docs/decisions/tenancy.md.
DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = None
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 5)
DATABASE_ROUTERS: list[str] = []

# ── Cache, queue ────────────────────────────────────────────────────────────────────────────────────────────────────
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# kombu's own sweep for unacknowledged messages takes 95 s by default. Ours (core.leases) takes 2 s; this is the net.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 3,
    "socket_timeout": 30,
    "retry_on_timeout": True,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2}
ALIVE_FILE = env.str("ALIVE_FILE", "")  # touched by workers and beat as a sign of life (config.healthy)
CELERY_TASK_SERIALIZER = "json"
CELERY_BEAT_SCHEDULE = schedule.BEAT
CELERY_TASK_ROUTES = schedule.QUEUES
# A holder renews its lease this often; one that is not renewed for 8 s is anybody's (core.leases).
LEASE_HEARTBEAT_SECONDS = env.float("LEASE_HEARTBEAT_SECONDS", 2.0)
WRITING_THREADS = env.int("WRITING_THREADS", 8)

# ── Language models: routes of several, or any OpenAI-compatible server; unset in development: the small local one ──
MODEL_ROUTES = env.str("MODEL_ROUTES", "")
_model = {
    "LLM_URL": env.str("LLM_URL", "")
    if MODEL_ROUTES
    else required("LLM_URL", "the address of a language model server, or MODEL_ROUTES"),
    "LLM_API_KEY": env.str("LLM_API_KEY", ""),
    "LLM_MODEL": env.str("LLM_MODEL", ""),
    "LLM_LABEL": env.str("LLM_LABEL", ""),
    "LLM_CONTEXT_TOKENS": env.str("LLM_CONTEXT_TOKENS", ""),
    "LLM_SECTION_WORDS": env.str("LLM_SECTION_WORDS", ""),
    "LLM_EXTRA": env.str("LLM_EXTRA", ""),
    "LLM_FIRST_BYTE_SECONDS": env.str("LLM_FIRST_BYTE_SECONDS", "120"),
    "LLM_IDLE_SECONDS": env.str("LLM_IDLE_SECONDS", "30"),
    "LLM_TOTAL_SECONDS": env.str("LLM_TOTAL_SECONDS", "600"),
}
# Evaluated by the first worker that asks: web processes never start the local model.
LANGUAGE_MODEL = SimpleLazyObject(lambda: _model if _model["LLM_URL"] else {**_model, **local({"model"})})

# What a credit is worth in the staff's margins, millionths of a US dollar: 50 for 9 euros, a euro taken for a dollar.
CREDIT_VALUE_MICROS = env.int("CREDIT_VALUE_MICROS", 180_000)

# ── Payments: without a key nothing can be bought (docs/decisions/payments.md) ──────────────────────────────────────
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRETS", default=[])  # the old one too, while it changes
STRIPE_URL = env.str("STRIPE_URL", "")  # another address than Stripe's own: the sandbox
BILLING_ALERT_EMAILS = env.list("BILLING_ALERT_EMAILS", default=[])

# ── People ──────────────────────────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.CnilPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = reverse_lazy("organizations:landing")
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.signup.SignupDetails"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # one mechanism counts: RATE_LIMITS, at accounts.middleware.Doors
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https") else "http"

# ── Doors (docs/decisions/doors.md) ─────────────────────────────────────────────────────────────────────────────────
RATE_LIMITS = rate_limits.RATE_LIMITS
RATE_LIMIT_FACTOR = env.int("RATE_LIMIT_FACTOR", 1)
# Answers of these doors leave at whole multiples of this many seconds, so that their time tells nothing.
DOOR_SECONDS = env.float("DOOR_SECONDS", 0.5)
CLOSED_BETA = env.bool("CLOSED_BETA", False)  # sign-up needs an invitation
ORGANIZATIONS_A_PERSON = env.int("ORGANIZATIONS_A_PERSON", 10)  # to own, beside the personal one

# ── Further ways to sign in (docs/decisions/sign-in.md) ─────────────────────────────────────────────────────────────
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Scriptorium"
MFA_TOTP_TOLERANCE = 1  # clocks of telephones: a code of the half minute before or after is taken
MFA_RECOVERY_CODE_COUNT = 10
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = timedelta(days=30)
SOCIALACCOUNT_ADAPTER = "accounts.adapter.GoogleAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False  # what sign-up asks is asked of everybody
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address alone opens no account: Google is linked from inside
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "accounts.adapter.google.GoogleProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [],
    }
}
GOOGLE_ISSUER = env.str("GOOGLE_ISSUER", "https://accounts.google.com")
if _google := env.str("GOOGLE_CLIENT_ID", ""):
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "google",
            "name": "Google",
            "client_id": _google,
            "secret": env.str("GOOGLE_CLIENT_SECRET", ""),
            "settings": {"server_url": GOOGLE_ISSUER, "fetch_userinfo": False},
        }
    ]

# ── The trail (docs/decisions/audit.md) ─────────────────────────────────────────────────────────────────────────────
# Ed25519 seeds in base64, newest first: the first signs, all verify.
AUDIT_SIGNING_KEYS = (
    required("AUDIT_SIGNING_KEY", "an Ed25519 seed that signs the trail") or embedded.signing_key(STATE_DIR)
).split(",")
AUDIT_RETENTION_MONTHS = env.int("AUDIT_RETENTION_MONTHS", 24)
AUDIT_ALERT_EMAILS = env.list("AUDIT_ALERT_EMAILS", default=[])

# ── Mail: everything is queued (core.mail.QueuedBackend), a worker hands it to the transport below ──────────────────
EMAIL_BACKEND = "core.mail.QueuedBackend"
MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
_mail = env.email_url("EMAIL_URL", default="smtp://127.0.0.1:8025")
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Scriptorium <hello@scriptorium.localhost>")
MAIL_SINK_DIR = None if PRODUCTION else Path(env.str("MAIL_SINK_DIR", str(STATE_DIR / "mail")))

# ── Languages ───────────────────────────────────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

# ── Static and stored files ─────────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = STATE_DIR / "static"
WHITENOISE_USE_FINDERS = not PRODUCTION
FONTS_DIR = BASE_DIR / "node_modules" / "@expo-google-fonts" / "eb-garamond"
SIGNED_URL_SECONDS = 300
_stored = {
    "location": env.str("STORAGE_DIR", str(STATE_DIR / "files")),
    "bucket": env.str("STORAGE_BUCKET", ""),
    "endpoint_url": env.str("STORAGE_ENDPOINT_URL", ""),
    "region": env.str("STORAGE_REGION", ""),
    "access_key": env.str("STORAGE_ACCESS_KEY", ""),
    "secret_key": env.str("STORAGE_SECRET_KEY", ""),
    "addressing_style": env.str("STORAGE_ADDRESSING_STYLE", ""),
}
STORAGES = {
    "default": store(env.str("STORAGE_KIND", "folder"), _stored),
    "staticfiles": {
        "BACKEND": "config.static_files.StaticFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# A pasted source of 2 MB and what a browser adds to it; larger ones are refused with a sentence (books.forms.sources).
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# ── Security ────────────────────────────────────────────────────────────────────────────────────────────────────────
_https = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = PRODUCTION and env.bool("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz|metrics)$"]  # asked from beside the process, before any proxy
_behind_proxy = env.bool("BEHIND_PROXY", False)
PROXY_COUNT = env.int("PROXY_COUNT", int(_behind_proxy))  # trusted proxies that append to X-Forwarded-For (core.origin)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _behind_proxy else None
SECURE_HSTS_SECONDS = 63_072_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION or _https
SESSION_COOKIE_NAME = "__Host-session" if SESSION_COOKIE_SECURE else "session"
MFA_TRUST_COOKIE_NAME = "__Host-trusted" if SESSION_COOKIE_SECURE else "trusted"
KNOWN_COOKIE_NAME = "__Host-known" if SESSION_COOKIE_SECURE else "known"  # browsers people have signed in with before
CSRF_COOKIE_NAME = "__Host-csrf" if CSRF_COOKIE_SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = "__Host-language" if SESSION_COOKIE_SECURE else "language"
COOKIES_READ_BY_SCRIPTS = {"theme"}  # a word, set by the switch of signed-out pages; all others are HttpOnly
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
# Chromium holds the redirect that answers a form to this as well: the button to Google is a form.
CONTENT_SECURITY_POLICY = {"DIRECTIVES": csp.pages(forms_lead_to=[GOOGLE_ISSUER] if _google else [])}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ── Admin ───────────────────────────────────────────────────────────────────────────────────────────────────────────
UNFOLD = {"SITE_TITLE": "Scriptorium", "SITE_HEADER": "Scriptorium", "SITE_SYMBOL": "menu_book"}

# ── Logs, metrics, fault reports ────────────────────────────────────────────────────────────────────────────────────
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
LOGGING = log_lines.configuration(form="json" if PRODUCTION else "text", level=LOG_LEVEL)
# Networks that may read /metrics, itself and not through a proxy; others find nothing there.
METRICS_ALLOWED = [ip_network(one) for one in env.list("METRICS_ALLOWED", default=["127.0.0.0/8", "::1/128"])]
SENTRY_DSN = env.str("SENTRY_DSN", "")
if SENTRY_DSN:
    from core import sentry

    sentry.start(SENTRY_DSN, environment=ENVIRONMENT, release=env.str("RELEASE", ""))
