"""Settings, all from the environment; `script/server` sets what they need."""

from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from community.core import env

# Forms and admin classes say which model they are of; at run time Django needs leave for that.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.read_str("DATA_DIR", str(BASE_DIR / "var")))

SITE_NAME = env.read_str("SITE_NAME", "Stackers")
SITE_URL = env.read_str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SITE_ID = 1
# What a booting node calls: ordinary iPXE has no HTTPS, so the lab side may have its own address.
LAB_SITE_URL = env.read_str("LAB_SITE_URL", SITE_URL).rstrip("/")
# Boot scripts that carry a token are given out to these networks alone.
LAB_NETWORKS = env.read_list("LAB_NETWORKS", "127.0.0.0/8,::1/128")
BIND_HOST = env.read_str("BIND_HOST", "127.0.0.1")

DEMO = env.read_bool("DEMO", default=False)
DEBUG = env.read_bool("DEBUG", default=False)
SECRET_KEY = env.read_str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.read_list("SECRET_KEY_FALLBACKS")
CREDENTIALS_KEYS = [env.read_str("CREDENTIALS_KEY"), *env.read_list("CREDENTIALS_KEYS_OLD")]

_site = urlsplit(SITE_URL)
ALLOWED_HOSTS = env.read_list("ALLOWED_HOSTS", f"{_site.hostname},localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
_is_https = _site.scheme == "https"

INSTALLED_APPS = [
    "community.apps.CommunityConfig",
    "meetups.apps.MeetupsConfig",
    "polls.apps.PollsConfig",
    "deploylab.apps.DeploylabConfig",
    "community.project.apps.ProjectConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "import_export",
]

# Under ASGI all of these run with the view in one thread: see community.project.handler.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "community.core.middleware.demo_guard",
    "community.core.public_pages.PublicPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "community.core.middleware.product_errors",
]

ROOT_URLCONF = "community.project.urls"
ASGI_APPLICATION = "community.project.asgi.application"

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
                "community.core.context.site",
            ],
        },
    },
]

_database = env.read_database()
_options = _database["OPTIONS"]
assert isinstance(_options, dict)  # noqa: S101 - read_database makes it one
_options["pool"] = {
    "min_size": env.read_int("DATABASE_POOL_MIN", 2),
    "max_size": env.read_int("DATABASE_POOL_MAX", 20),
    # A crowd at one row waits its turn; who waits longer is told to come again (503).
    "timeout": 20,
}
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.read_str("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL},
    # Each process's own: see community.core.public_pages.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "stackers"},
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = None  # a threads pool has none; the database's deadlines decide
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A killed worker's tasks come back after this. It must exceed the longest task; ours are short.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "retry_policy": {"max_retries": 1, "timeout": 2},
}
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False

AUTH_USER_MODEL = "community.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "community:home"
LOGOUT_REDIRECT_URL = "community:home"
ACCOUNT_ADAPTER = "community.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
# By address only wide limits, for a whole venue shares one; by account the narrow ones.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "100/m/ip,5/300s/key",
    "request_login_code": "600/m/ip,3/m/key",
    "signup": "300/m/ip",
    "reset_password": "100/m/ip,5/m/key",
}

DEFAULT_FROM_EMAIL = env.read_str("DEFAULT_FROM_EMAIL", "Stackers <hello@example.org>")
EMAIL_BACKEND = env.read_str("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env.read_str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.read_int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.read_str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.read_str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.read_bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
MESSAGE_ID_DOMAIN = _site.hostname or "localhost"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "community.api.authentication.TokenAuthentication",
        "community.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["community.api.access.DeclaredAccess"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["community.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "community.api.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["community.api.throttling.PerAccount"],
    "EXCEPTION_HANDLER": "community.api.problems.answer_problem",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Stackers",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "PowerStateEnum": "deploylab.states.Power",
        "MeetupKindEnum": "meetups.models.meetup.Meetup.Kind",
        "SessionKindEnum": "meetups.models.agenda.Session.Kind",
        "SponsorKindEnum": "meetups.models.sponsor.SponsorKind",
        "MailStateEnum": "community.models.outbox.Mail.State",
        "RsvpStatusEnum": "meetups.models.rsvp.Rsvp.Status",
        "EventKindEnum": "deploylab.models.event.Event.Kind",
        "PollStateEnum": "polls.models.poll.Poll.State",
        "PollMethodEnum": "polls.models.poll.Poll.Method",
        "ElectionStateEnum": "polls.models.election.Election.State",
        "ElectionMethodEnum": "polls.models.election.Election.Method",
        "CandidacyStateEnum": "polls.models.candidate.Candidate.State",
    },
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# What Starlette's static files serve, beside our own directory: (package, folder).
STATIC_PACKAGES: list[str | tuple[str, str]] = [
    ("django.contrib.admin", "static"),
    ("rest_framework", "static"),
    ("drf_spectacular_sidecar", "static"),
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _is_https
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if _is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _is_https
SECURE_REFERRER_POLICY = "same-origin"
if env.read_bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {
        "foreseen": {"()": "community.core.logs.ForeseenAnswers"},
        "personal": {"()": "community.core.logs.PersonalLinks"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["personal"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.read_str("LOG_LEVEL", "INFO")},
    "loggers": {
        # A line for every socket opened, and every task received and done would drown what matters.
        "uvicorn.error": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # A client's mistake is answered to the client; the log keeps to our own.
        "django.request": {
            "handlers": ["stderr"],
            "level": "ERROR",
            "propagate": False,
            "filters": ["foreseen"],
        },
    },
}

# Meetups. Dietary notes are deleted so many days after the event; a place that comes free later
# than so many hours before the start is offered, not given, and held for so many minutes.
DIET_KEPT_DAYS = env.read_int("DIET_KEPT_DAYS", 7)
RSVP_OFFER_HOURS = env.read_int("RSVP_OFFER_HOURS", 6)
RSVP_OFFER_MINUTES = env.read_int("RSVP_OFFER_MINUTES", 60)
# Organizers who have done nothing for so many days are silent; a takeover then takes effect after
# so many more.
TAKEOVER_SILENT_DAYS = env.read_int("TAKEOVER_SILENT_DAYS", 90)
TAKEOVER_NOTICE_DAYS = env.read_int("TAKEOVER_NOTICE_DAYS", 14)

# The lab's rules. Durations say their unit.
LAB_LONGEST_HOURS = env.read_int("LAB_LONGEST_HOURS", 72)
LAB_HORIZON_DAYS = env.read_int("LAB_HORIZON_DAYS", 60)
LAB_TURNAROUND_S = env.read_int("LAB_TURNAROUND_S", 600)
