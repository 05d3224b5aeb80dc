"""Links to an office's events, ready to paste into its website, and the addresses its website can fetch by itself."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from courseapp import clock
from courseapp.documents import link_list
from courseapp.links import links
from courseapp.queries import listing, plans
from courseapp.web.auth import actor
from courseapp.web.filters import FilterForm, offer

bp = Blueprint("link_list", __name__)


@bp.get("/lenker")
def show() -> ResponseReturnValue:
    """The links of my own office first; any other's are as public."""
    filters = _filters()
    chosen = filters.chosen()
    found = listing.to_link(clock.now(), office=chosen["office"], kind=chosen["kind"])
    rows = [link_list.link(one, links().event(one.slug)) for one in found.events]
    return render_template(
        "office/link_list/show.html",
        filters=filters,
        total=found.total,
        rows=rows,
        html=link_list.as_html(rows),
        text=link_list.as_text(rows),
        markdown=link_list.as_markdown(rows),
        addresses={ending: links().listing(ending, **filters.asked) for ending in ("", "ics", "atom", "json")},
    )


def _filters() -> FilterForm:
    """Office and kind; no month, because what is pasted once is to hold what is to come."""
    asked = MultiDict(request.args)
    mine = plans.organized_offices(actor())
    if mine and actor().national is None:
        asked.setdefault("office", mine[0].code)
    form = FilterForm(asked)
    del form.month
    offer(form)
    return form
