"""What the pages of "what if" show: a call that is supposed, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ari_app.domain.rights import Right
from web.forms import Filled
from web.pages.card_head import Head
from web.replay import Replay
from web.status_words import Shown
from web.visit import Visit
from web.way_words import Box
from web.week_grid import Entry
from web.what_if_form import Asking, WhatIfForm, asking, checked, is_asked
from web.what_if_rules import Rules

_OWN_FIELDS = frozenset({"csrf", "draft", "do", *WhatIfForm.model_fields})


@dataclass(frozen=True, slots=True)
class Drawn:
    """One way: its picture, and the same in words. The first box is the call itself."""

    title: str
    picture: Markup
    boxes: Sequence[Box]
    told: Sequence[str]


@dataclass(frozen=True, slots=True)
class WaysShown:
    """The way by the saved rules, and by the edited ones where there are any."""

    caption: str
    ways: Sequence[Drawn]
    is_same: bool


@dataclass(frozen=True, slots=True)
class Week:
    """One picture, with the hours in which nobody is reached, and the same in words by day."""

    title: str
    picture: Markup
    holes: str
    told: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class StatusWeeks:
    """The weeks with one status: two of them where the edited rules change something."""

    status: Shown | None
    weeks: Sequence[Week]


@dataclass(frozen=True, slots=True)
class WeeksShown:
    caption: str
    pattern: Markup
    legend: Sequence[Entry]
    statuses: Sequence[StatusWeeks]
    is_edited: bool


@dataclass(frozen=True, slots=True)
class WhatIfPage:
    """`draft` is the text that came with the form, "" where there is none.

    `carried` is what else stood in that form: the way back to it loses nothing.
    """

    head: Head
    what_if: Asking
    draft: str
    carried: Sequence[tuple[str, str]] = ()
    ways: WaysShown | None = None
    weeks: WeeksShown | None = None
    replay: Replay | None = None


async def form_of(visit: Visit) -> Filled[WhatIfForm] | None:
    """What is supposed, checked; None where nothing is yet."""
    if visit.route.changes:
        form = await visit.filled(WhatIfForm)
    elif is_asked(visit):
        form = visit.asked(WhatIfForm)
    else:
        return None
    return checked(form, visit.directory, visit.words)


async def page_of(visit: Visit, rules: Rules, form: Filled[WhatIfForm] | None) -> WhatIfPage:
    """The page before anything is shown on it."""
    may_replay = visit.may(Right.SEE_CALLS, rules.head.person.subject)
    shown = asking(visit, rules.saved, form, may_replay=may_replay)
    posted = (await visit.form()).items() if rules.draft else ()
    carried = [
        (name, value)
        for name, value in posted
        if isinstance(value, str) and name not in _OWN_FIELDS
    ]
    return WhatIfPage(rules.head, shown, rules.draft, carried)
