"""One field, one page of results."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request

from app.accounts.login import viewer
from app.core.forms import tidy
from app.core.pagination import page_number
from app.core.request_limits import count_search
from app.forum.wording import list_words
from app.search.facets import facets_of, hidden_by_each
from app.search.finding import TABS, asked_by, found_for
from app.search.ranking import NEWEST_HITS
from app.search.views._lines import LineWords, address_of, narrowing

bp = Blueprint("search", __name__)

LONGEST_QUESTION = 300
LAST_PAGE = 60


@bp.get("/search")
def show() -> str:
    """Everything the viewer may read; the address is the whole state."""
    typed = tidy(request.args.get("q", "")[:LONGEST_QUESTION])
    kind = request.args.get("type", "all")
    tab = kind if kind in TABS else "all"
    page = min(page_number(request.args.get("page")), LAST_PAGE)
    person = viewer()
    if typed:
        count_search(person.id if person else None)
    asked = asked_by(person, typed, request.args.to_dict())
    most = current_app.config.get("SEARCH_NEWEST", NEWEST_HITS)
    found = found_for(asked, tab=tab, page=page, most=most)
    base = _base(asked.words, tab)
    return render_template(
        "search/show.html",
        typed=asked.words,
        asked=asked,
        tab=tab,
        found=found,
        facets=facets_of(found),
        hidden={} if found.counts["all"] else hidden_by_each(asked, found.most),
        words=list_words(person, asked.choice, asked.choice.topic, asked.reach),
        endpoint="search.show",
        base=base,
        narrowed=narrowing(asked.choice.wanted, base),
        line_words=LineWords(),
        address_of=address_of,
    )


def _base(words: str, tab: str) -> dict[str, str]:
    """What every address of this search carries besides the filter."""
    return {
        name: value for name, value in (("q", words), ("type", tab)) if value not in ("", "all")
    }
