"""All tables there are: the models of every domain, loaded before anything asks for a row."""

from __future__ import annotations

from app.accounts import models as accounts_models
from app.attendance import models as attendance_models
from app.certificates import models as certificates_models
from app.core import models as core_models
from app.datepolls import models as datepolls_models
from app.feedback import models as feedback_models
from app.files import models as files_models
from app.forum import models as forum_models
from app.forum import reader_models as forum_reader_models
from app.live import models as live_models
from app.mailbox import models as mailbox_models
from app.materials import models as materials_models
from app.messages import models as messages_models
from app.network import models as network_models
from app.notes import models as notes_models
from app.notifications import models as notifications_models
from app.polls import models as polls_models
from app.questions import models as questions_models
from app.search import models as search_models
from app.statistics import models as statistics_models
from app.topics import models as topics_models
from app.webinars import models as webinars_models
from app.webinars import place_models as webinars_place_models

MODELS = [
    core_models,
    network_models,
    accounts_models,
    topics_models,
    files_models,
    forum_models,
    forum_reader_models,
    messages_models,
    webinars_models,
    webinars_place_models,
    datepolls_models,
    mailbox_models,
    live_models,
    attendance_models,
    questions_models,
    polls_models,
    materials_models,
    feedback_models,
    certificates_models,
    notes_models,
    statistics_models,
    search_models,
    notifications_models,
]
