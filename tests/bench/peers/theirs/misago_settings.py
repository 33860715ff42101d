"""Misago for production: its own example settings, with the changes its container image makes."""

import os

from devproject.settings import *  # noqa: F403 - how its manual tells to begin

PLACE = os.environ["PEER_PLACE"]
DEBUG = False
SECRET_KEY = "measured-not-secret"
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["PEER_DATABASE"],
        "USER": "postgres",
        "HOST": os.environ["PEER_SOCKET"],
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["PEER_REDIS"],
    }
}
CELERY_BROKER_URL = os.environ["PEER_REDIS"]
MEDIA_ROOT = os.path.join(PLACE, "media")
STATIC_ROOT = os.path.join(PLACE, "static")
MISAGO_USER_DATA_DOWNLOADS_WORKING_DIR = os.path.join(PLACE, "userdata")
INTERNAL_IPS: list[str] = []
