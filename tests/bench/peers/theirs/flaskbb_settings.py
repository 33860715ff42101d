"""FlaskBB for production: what its own setup writes, with Redis as it advises."""

import os

from flaskbb.configs.default import DefaultConfig

PLACE = os.environ["PEER_PLACE"]
REDIS = os.environ["PEER_REDIS"]
DEBUG = False
TESTING = False
PREFERRED_URL_SCHEME = "http"
SQLALCHEMY_DATABASE_URI = os.environ["PEER_DATABASE"]
SECRET_KEY = "measured-not-secret"
WTF_CSRF_SECRET_KEY = "measured-not-secret"
WHOOSHEE_DIR = os.path.join(PLACE, "whoosh")
LOG_PATH = os.path.join(PLACE, "logs")
os.makedirs(LOG_PATH, exist_ok=True)
LOG_DEFAULT_CONF = DefaultConfig.LOG_DEFAULT_CONF
for handler, file in (("flaskbb", "flaskbb"), ("infolog", "info"), ("errorlog", "error")):
    LOG_DEFAULT_CONF["handlers"][handler]["filename"] = os.path.join(LOG_PATH, f"{file}.log")
REDIS_ENABLED = True
REDIS_URL = REDIS
CELERY_CONFIG = {
    "broker_url": REDIS,
    "result_backend": REDIS,
    "broker_transport_options": {"max_retries": 1},
}
RATELIMIT_ENABLED = True
RATELIMIT_STORAGE_URI = REDIS
CACHE_TYPE = "RedisCache"
CACHE_REDIS_URL = REDIS
CACHE_DEFAULT_TIMEOUT = 60
MAIL_SUPPRESS_SEND = True
