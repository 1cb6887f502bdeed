"""The status in the top bar of every page: what it is, until when, and what it may become."""

from dataclasses import dataclass
from datetime import datetime

from ari_app.domain.availability import holding
from ari_app.domain.directory import Declared, Employee, Status
from ari_app.domain.numbers import OwnStatusId
from ari_app.domain.rights import Right
from ari_app.store.lease import permanent
from web.status_words import Shown, choice_of, lunch_goes_on, offered, shown
from web.visit import Visit


@dataclass(frozen=True, slots=True)
class StatusBox:
    """Somebody's status, and the form to change it; `post` is where that form goes."""

    status: Shown
    until: datetime | None
    below: Shown | None
    offered: list[Shown]
    quick: Shown | None
    """What one click changes it to."""
    is_counted: bool
    has_lunch: bool
    post: str
    here: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The status is what silence has made it: since when, and what it was before."""

    status: Shown
    since: datetime
    before: Shown


def my_status(visit: Visit) -> StatusBox | None:
    """The reader's own; None before a login, and before the service has read their card."""
    if visit.account is None:
        return None
    person = visit.directory.employees.get(visit.account.employee)
    if person is None:
        return None
    return status_box(visit, person, visit.account.own_statuses, "/status")


def status_box(
    visit: Visit, person: Employee, allowed: frozenset[OwnStatusId] | None, post: str
) -> StatusBox:
    """Anybody's; `allowed` are the own statuses that the card allows."""
    declared = holding(person.declared, visit.now)
    choices = offered(visit.directory, allowed, visit.words)
    is_over = declared.until is not None and declared.below is not None
    request = visit.request
    return StatusBox(
        status=_shown(visit, declared),
        until=declared.until if is_over else None,
        below=_shown(visit, declared.below) if is_over and declared.below else None,
        offered=choices,
        quick=_quick(visit, declared),
        is_counted=person.uses_status,
        has_lunch=lunch_goes_on(visit.now, visit.words),
        post=post,
        here=request.path_qs if request.method == "GET" else "/",
    )


def gone(visit: Visit) -> Gone | None:
    """Whether the reader's status was changed because nobody was heard of."""
    account = visit.account
    if account is None or account.gone_since is None or account.left_with is None:
        return None
    person = visit.directory.employees.get(account.employee)
    if person is None or not visit.may(Right.CHANGE_STATUS):
        return None
    now = _shown(visit, permanent(person.declared, visit.now))
    before = _shown(visit, account.left_with)
    return None if now.value == before.value else Gone(now, account.gone_since, before)


def _quick(visit: Visit, declared: Declared) -> Shown | None:
    """Online and Break are a click apart; a temporary status has its own way back."""
    if declared.below is not None:
        return None
    other = Status.BREAK if declared.base is Status.ONLINE else Status.ONLINE
    return shown(other, visit.directory, visit.words)


def _shown(visit: Visit, declared: Declared) -> Shown:
    return shown(choice_of(declared), visit.directory, visit.words)
