"""Following a thread."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.exceptions import BadRequest
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import first_or_404, write
from app.core.permissions import require
from app.forum.enums import FollowLevel
from app.forum.following import follow
from app.forum.permissions import can_follow
from app.forum.queries import one_thread
from app.forum.views._page import shown_or_404, thread_address

bp = Blueprint("follows", __name__)


@bp.post("/threads/<int:thread_id>/follow")
@login_needed
def update(thread_id: int) -> Response:
    shown = shown_or_404(thread_id)
    require(can_follow(viewer()))
    if request.form.get("level") not in list(FollowLevel):
        raise BadRequest
    address = thread_address(shown)
    with write():
        thread = first_or_404(one_thread(viewer(), thread_id))
        follow(thread, member(), FollowLevel(request.form["level"]))
    return redirect(address)
