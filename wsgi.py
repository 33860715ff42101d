"""What a WSGI server loads: `wsgi:app`."""

from __future__ import annotations

import os
import sys

from app import create_app
from config import WrongSetting, read_settings

try:
    app = create_app(read_settings(os.environ))
except WrongSetting as error:
    print(f"interurban: {error}", file=sys.stderr)
    raise SystemExit(2) from None
