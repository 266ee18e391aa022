"""All settings. What differs between machines comes from TANSIQ_* variables and DATABASE_URL.

Each variable is described in docs/reference/settings.md; a test keeps the two in step.
"""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
import django.conf.locale
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from tansiq.core import env
from tansiq.core.logging_settings import logging_as
from tansiq.core.serving.headers import static_headers

PACKAGE = Path(__file__).parent

DEBUG = env.yes_or_no("TANSIQ_DEBUG", default=False)
# Kept for what must not run beside real data: the demo's log-ins and the style page.
DEMO = env.yes_or_no("TANSIQ_DEMO", default=False)
DATA_DIR = Path(env.text("TANSIQ_DATA_DIR", "var")).absolute()
MEDIA_ROOT = DATA_DIR / "files"

ORIGIN = env.text("TANSIQ_ORIGIN", "http://127.0.0.1:8000").rstrip("/")
HTTPS = ORIGIN.startswith("https://")
ALLOWED_HOSTS = env.words("TANSIQ_HOSTS", f"{urlsplit(ORIGIN).hostname},127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = [ORIGIN]


def _secret_key() -> str:
    """Return the key from the environment, or one made once and kept beside the data."""
    if given := env.text("TANSIQ_SECRET_KEY"):
        return given
    kept = DATA_DIR / "secret.key"
    if not kept.exists():
        DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(64), encoding="utf-8")
    return kept.read_text(encoding="utf-8").strip()


SECRET_KEY = _secret_key()

INSTALLED_APPS = [
    # Ours come first, so that our templates stand before those of the libraries.
    "tansiq.core",
    "tansiq.access",
    "tansiq.plans",
    "tansiq.exchange",
    "tansiq.incidents",
    "tansiq.home",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
]
# Django's own admin sees everything and is not behind the gate: operators only, off by default.
ADMIN = env.yes_or_no("TANSIQ_ADMIN", default=False)
if ADMIN:
    INSTALLED_APPS.insert(0, "django.contrib.admin")

MIDDLEWARE = [
    "tansiq.core.middleware.observe",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tansiq.core.middleware.compress",
    "tansiq.core.middleware.protect",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tansiq.incidents.middleware.queued",
    "tansiq.access.middleware.identify",
    "tansiq.access.middleware.ask_first",
    "tansiq.incidents.middleware.in_room",
    "tansiq.access.guarding.guard",
]
ROOT_URLCONF = "tansiq.urls"
ASGI_APPLICATION = "tansiq.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tansiq.home.context.frame",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    },
]
FORM_RENDERER = "tansiq.core.renderers.FormRenderer"

# -- Where data is kept ---------------------------------------------------------------------

# How many pages are made at the same time; more wait in line.
THREADS = env.whole_number("TANSIQ_THREADS", 8, least=1)
DATABASE_URL = env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'tansiq.sqlite3'}")
_database: dict[str, Any] = dict(dj_database_url.parse(DATABASE_URL))
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a transaction that reads first and writes later would otherwise fail at once
    # with "database is locked" when two people write. FULL: what a person was told is saved must
    # outlast a power cut, not only a killed process.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA mmap_size=134217728;"
            "PRAGMA cache_size=-8000;PRAGMA temp_store=MEMORY;"
        ),
    }
    # Each thread keeps its connection: opening one costs 0.9 ms and an empty page cache.
    _database["CONN_MAX_AGE"] = None
    Path(str(_database["NAME"])).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
elif _database["ENGINE"] == "django.db.backends.postgresql":
    # Beside the threads that answer pages: jobs, ticker, live events and commands.
    _pool = {"min_size": 1, "max_size": THREADS + 6, "timeout": 10}
    # What the gate asks looks so costly that PostgreSQL would compile it, or read whole tables.
    _plans = "-c jit=off -c random_page_cost=1.1 -c max_parallel_workers_per_gather=0"
    _options = {"options": _plans} | _database.get("OPTIONS", {})
    _database["OPTIONS"] = _options | {"pool": _pool}
else:
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgres://.")
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits and the log-in throttle must hold over all processes, hence the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
    },
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# `thread`: jobs run inside the web process. `none`: run `tansiq worker` beside it.
JOBS = env.one_of("TANSIQ_JOBS", {"thread", "none"}, "thread")

FILE_UPLOAD_PERMISSIONS = 0o600
UPLOAD_LIMIT = env.whole_number("TANSIQ_UPLOAD_LIMIT_MB", 20, least=1) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# -- Languages ------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("ar", _("Arabic")),
    ("en", _("English")),
    ("fr", _("French")),
    ("id", _("Indonesian")),
    ("ms", _("Malay")),
    ("fil", _("Filipino")),
]
# Django does not know Filipino; without this `get_language_info` fails on it.
django.conf.locale.LANG_INFO.setdefault(
    "fil", {"bidi": False, "code": "fil", "name": "Filipino", "name_local": "Filipino"}
)
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"

# -- Static files ---------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "tansiq.core.storage.HashedStaticFiles"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = static_headers

# -- Who signs in ---------------------------------------------------------------------------

AUTH_USER_MODEL = "access.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# Who must prove with a second factor that it is them: nobody, those whose role carries weight
# (lead, administrator, overseer, operator), or everybody.
SECOND_FACTOR = env.one_of(
    "TANSIQ_SECOND_FACTOR",
    {"optional", "privileged", "all"},
    "optional" if DEMO else "privileged",
)
ACCOUNT_ADAPTER = "tansiq.access.accounts.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "tansiq.access.accounts.OidcAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ACCOUNT_CHANGE_EMAIL = False
# Who has no account gets no mail: we do not write to strangers.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_FORMS = {
    "login": "tansiq.access.forms.accounts.SignInForm",
    "reset_password": "tansiq.access.forms.accounts.ForgottenForm",
    "reset_password_from_key": "tansiq.access.forms.accounts.NewPasswordForm",
    "change_password": "tansiq.access.forms.accounts.ChangePasswordForm",
    "set_password": "tansiq.access.forms.accounts.FirstPasswordForm",
    "reauthenticate": "tansiq.access.forms.accounts.ConfirmForm",
}
MFA_ADAPTER = "tansiq.access.accounts.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "tansiq.access.forms.accounts.CodeForm",
    "reauthenticate": "tansiq.access.forms.accounts.ConfirmCodeForm",
    "activate_totp": "tansiq.access.forms.accounts.FirstCodeForm",
}
# An invitation went to the address before anybody could sign in; nothing more to verify.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Tansiq"
# An address counts only when the provider says it verified it; see tansiq/access/oidc.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True

OIDC_SERVER = env.text("TANSIQ_OIDC_SERVER")
_oidc_apps = [
    {
        "provider_id": "oidc",
        "name": env.text("TANSIQ_OIDC_NAME", "OpenID Connect"),
        "client_id": env.text("TANSIQ_OIDC_CLIENT_ID"),
        "secret": env.text("TANSIQ_OIDC_CLIENT_SECRET"),
        "settings": {
            "server_url": OIDC_SERVER,
            "oauth_pkce_enabled": True,
            "email_authentication": True,
        },
    },
]
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": _oidc_apps if OIDC_SERVER else [],
        "provider_class": "tansiq.access.oidc.provider.OidcProvider",
    },
}

# -- Protection -----------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks of our proxies.
PROXIES = env.words("TANSIQ_PROXIES")
CSRF_FAILURE_VIEW = "tansiq.core.views.forgery"

# A form that starts an OIDC log-in is redirected to the provider; browsers check that, too.
_oidc_origin = "{0.scheme}://{0.netloc}".format(urlsplit(OIDC_SERVER)) if OIDC_SERVER else ""
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        f"form-action 'self' {_oidc_origin}".strip(),
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)

# -- Mail and the log -----------------------------------------------------------------------

_mail = urlsplit(env.text("TANSIQ_MAIL_URL", "file:"))
DEFAULT_FROM_EMAIL = env.text("TANSIQ_MAIL_FROM", f"tansiq@{urlsplit(ORIGIN).hostname}")
if _mail.scheme in {"smtp", "smtps"}:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
        unquote(_mail.username or ""),
        unquote(_mail.password or ""),
    )
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = not EMAIL_USE_SSL and EMAIL_HOST not in {"localhost", "127.0.0.1"}
    EMAIL_TIMEOUT = 20
elif _mail.scheme == "file":
    # Until a server is named, mail is kept as files that the operator can read.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")
else:
    raise ImproperlyConfigured("TANSIQ_MAIL_URL must begin with smtp://, smtps:// or file:.")

# Where somebody turns who is wronged by what is kept or done here; shown on a public page.
COMPLAINTS = env.text("TANSIQ_COMPLAINTS")
# What is exchanged holds so many days at most; is deleted so long after; its envelope years later.
EXCHANGE_LONGEST_DAYS = env.whole_number("TANSIQ_EXCHANGE_LONGEST_DAYS", 730, least=1)
PURGE_GRACE_DAYS = env.whole_number("TANSIQ_PURGE_GRACE_DAYS", 7)
ENVELOPE_YEARS = env.whole_number("TANSIQ_ENVELOPE_YEARS", 5, least=1)

# Minutes for an answer to a request for support, by urgency; hours for the nation's own brief.
SUPPORT_MINUTES = {
    "now": env.whole_number("TANSIQ_SUPPORT_MINUTES_NOW", 30, least=1),
    "hours": env.whole_number("TANSIQ_SUPPORT_MINUTES_HOURS", 240, least=1),
    "days": env.whole_number("TANSIQ_SUPPORT_MINUTES_DAYS", 1440, least=1),
}
NATIONAL_BRIEF_HOURS = env.whole_number("TANSIQ_NATIONAL_BRIEF_HOURS", 6, least=1)
# Of how few cases figures give no share; minutes without an answer until the deputy is called.
FIGURES_LEAST = env.whole_number("TANSIQ_FIGURES_LEAST", 10, least=2)
CALL_DEPUTY_AFTER = env.whole_number("TANSIQ_CALL_DEPUTY_AFTER", 5, least=1)
# How many days whoever receives something from below has to answer, by the kind of the item, where
# the sender asks for no day; and how often late ones are reminded and the level above is told.
ANSWER_DAYS = env.numbers_by_word(
    "TANSIQ_ANSWER_DAYS",
    {"briefing": 30, "information": 7, "support": 7, "offer": 14, "warning": 2}
    | dict.fromkeys(("guidance", "consultation", "feedback", "notice"), 30),
)
REMIND_BEFORE_DAYS = env.whole_number("TANSIQ_REMIND_BEFORE_DAYS", 3, least=0)
REMIND_EVERY_DAYS = env.whole_number("TANSIQ_REMIND_EVERY_DAYS", 7, least=1)
REMIND_UNACKNOWLEDGED_DAYS = env.whole_number("TANSIQ_REMIND_UNACKNOWLEDGED_DAYS", 3, least=1)
ESCALATE_DAYS = env.whole_number("TANSIQ_ESCALATE_DAYS", 7, least=1)
# Addresses of the operator's own that take text messages and calls as JSON; see the reference.
SMS_URL = env.text("TANSIQ_SMS_URL")
WEBHOOK_URL = env.text("TANSIQ_WEBHOOK_URL")
# The mailbox of answers by mail: "name+secret@domain" must reach `tansiq receive_mail`.
REPLY_ADDRESS = env.text("TANSIQ_REPLY_ADDRESS")
CHANNEL_SECRET = env.text("TANSIQ_CHANNEL_SECRET")
# Whether these, and whence alerts are fetched, may stand in a private network, such as a modem.
CHANNELS_MAY_BE_PRIVATE = env.yes_or_no("TANSIQ_CHANNELS_MAY_BE_PRIVATE", default=False)
ALERTS_MAY_BE_PRIVATE = env.yes_or_no("TANSIQ_ALERTS_MAY_BE_PRIVATE", default=False)
# Of items: until when they can be taken back, requests to forward answered, and a last look taken.
RECALL_HOURS = env.whole_number("TANSIQ_RECALL_HOURS", 24, least=0)
FORWARD_HOURS = env.whole_number("TANSIQ_FORWARD_HOURS", 48, least=1)
REVIEW_DAYS = env.whole_number("TANSIQ_REVIEW_DAYS", 7, least=1)
# Other platforms: in a private network, by how much clocks differ, age and size of a bundle.
FEDERATION_MAY_BE_PRIVATE = env.yes_or_no("TANSIQ_FEDERATION_MAY_BE_PRIVATE", default=False)
FEDERATION_SKEW_MINUTES = env.whole_number("TANSIQ_FEDERATION_SKEW_MINUTES", 10, least=1)
FEDERATION_FILE_DAYS = env.whole_number("TANSIQ_FEDERATION_FILE_DAYS", 90, least=1)
FEDERATION_LIMIT = env.whole_number("TANSIQ_FEDERATION_LIMIT_MB", 64, least=1) * 1024 * 1024
METRICS_TOKEN = env.text("TANSIQ_METRICS_TOKEN")
LOGGING = logging_as(env.one_of("TANSIQ_LOG", {"json", "plain"}, "json"))

if _unknown := env.unknown_names():
    raise ImproperlyConfigured(
        f"Nobody reads these settings: {', '.join(_unknown)}. See docs/reference/settings.md."
    )
