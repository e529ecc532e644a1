"""Django settings. What differs between installations comes from the environment:
docs/guides/settings.md lists every variable and a test keeps that list complete."""

import os
from ipaddress import ip_network
from pathlib import Path

from django.utils.csp import CSP

from banso.config.home import database, home, secret_key

PACKAGE = Path(__file__).resolve().parents[1]
HOME = home()

SECRET_KEY = secret_key(HOME)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("BANSO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
HTTPS = os.environ.get("BANSO_HTTPS", "no") == "yes"
SITE_URL = os.environ.get(
    "BANSO_URL", f"https://{ALLOWED_HOSTS[0]}" if HTTPS else "http://localhost:8000"
).rstrip("/")
DATABASES = {"default": database(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "banso.base",
    "banso.web",
    "banso.parties",
    "banso.engagements",
    "banso.actions",
    "banso.events",
    "banso.ingest",
    "banso.matching",
    "banso.inbound",
    "banso.metrics",
    "banso.explore",
    "banso.goals",
    "banso.assets",
    "banso.messages",
    "banso.plays",
    "banso.cases",
    "banso.alerts",
    "banso.portal",
    "banso.talk",
    "banso.inproduct",
    "banso.desk",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "banso.base.middleware.MachineMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "banso.base.middleware.AddressMiddleware",
    "banso.base.middleware.WorkspaceMiddleware",
    "banso.base.middleware.DefaultDenyMiddleware",
    "banso.engagements.middleware.MergedMiddleware",
]

ROOT_URLCONF = "banso.config.urls"
WSGI_APPLICATION = "banso.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "banso.web.templatetags.banso",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "banso.base.context.frame",
            ],
        },
    }
]

FORM_RENDERER = "banso.web.forms.Renderer"
COTTON_ISOLATE_BY_DEFAULT = True

AUTH_USER_MODEL = "base.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "banso.base.adapter.StaffAdapter"
ACCOUNT_FORMS = {"login": "banso.base.adapter.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/30m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "calendar_feed": "60/m/ip",
    "share": "120/m/ip",
    "share_post": "30/m/ip",
    "help": "240/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("BANSO_PROXIES", "0"))

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "base_cache",
    }
}
BACKGROUND_NICENESS = int(os.environ.get("BANSO_NICE", "10"))
SPARK_MASTER = os.environ.get("BANSO_SPARK_MASTER", "")
TASKS = {"default": {"BACKEND": "banso.base.jobs.JobBackend"}}
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": os.environ.get("BANSO_SMTP_HOST", ""),
            "port": int(os.environ.get("BANSO_SMTP_PORT", "587")),
            "username": os.environ.get("BANSO_SMTP_USER", ""),
            "password": os.environ.get("BANSO_SMTP_PASSWORD", ""),
            "use_tls": True,
            "timeout": 30,
        },
    }
    if os.environ.get("BANSO_SMTP_HOST")
    else {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": HOME / "mail"},
    }
}
FOLDER = Path(os.environ["BANSO_FOLDER"]) if os.environ.get("BANSO_FOLDER") else None
OUTGOING_NETWORKS = [
    ip_network(each) for each in os.environ.get("BANSO_OUTGOING_NETWORKS", "").split()
]
MAIL_ADDRESS = os.environ.get("BANSO_MAIL_ADDRESS", "")
MAIL_AUTHSERV = os.environ.get("BANSO_MAIL_AUTHSERV", "")
IMAP_HOST = os.environ.get("BANSO_IMAP_HOST", "")
IMAP_PORT = int(os.environ.get("BANSO_IMAP_PORT", "993"))
IMAP_USER = os.environ.get("BANSO_IMAP_USER", "")
IMAP_PASSWORD = os.environ.get("BANSO_IMAP_PASSWORD", "")
IMAP_FOLDER = os.environ.get("BANSO_IMAP_FOLDER", "INBOX")
DEFAULT_FROM_EMAIL = os.environ.get("BANSO_MAIL_FROM", "banso@localhost")

USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "uploads"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 0
FILE_UPLOAD_PERMISSIONS = 0o600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_secrets": {"()": "banso.config.logs.NoSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["no_secrets"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("BANSO_LOG", "WARNING")},
}
