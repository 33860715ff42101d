"""The application that its own `wsgi.py` makes, with our settings."""

import os

import repair_flaskbb  # noqa: F401 - before anything of FlaskBB
from flaskbb import create_app

application = create_app(config=os.path.join(os.path.dirname(__file__), "flaskbb_settings.py"))
