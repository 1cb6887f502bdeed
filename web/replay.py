"""The last calls of an employee, led once more by other rules: which would go elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from ari_app.domain.calls import Ending
from ari_app.domain.directory import Directory
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.reached import reachable
from ari_app.domain.replay import Replayed, replay
from ari_app.domain.rights import Right
from ari_app.domain.steps import TakeMessage
from ari_app.domain.what_if import changed
from ari_app.explain import Names
from ari_app.store import call_list
from ari_app.store.past import PastCall
from ari_app.store.replay import Log, calls_of, happened, status_log
from web.call_filter import reach_of
from web.call_path import Stop, call_tone, ended, names_of, short_path
from web.people_words import number_shown
from web.slices import Slices
from web.visit import Visit
from web.way_words import WayWords
from web.what_if_rules import Rules
from web.words import N_

DAYS = 30
MOST = 2000
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A call that would go elsewhere: how it went, and how it would go."""

    call: PastCall
    caller: str
    then: Sequence[Stop]
    ended: str
    tone: str
    now: Sequence[Stop]
    would_end: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of it. `elsewhere` are the newest `MOST_SHOWN` of `others`, which is how many."""

    calls: int
    others: int
    elsewhere: Sequence[Elsewhere]
    is_cut: bool
    days: int = DAYS
    most: int = MOST


@dataclass(slots=True)
class _Trial:
    """The calls tried so far."""

    office: Directory
    called: EmployeeId
    log: Log
    calls: int = 0
    others: int = 0
    shown: list[tuple[PastCall, Replayed]] = field(default_factory=list)

    def add(self, call: PastCall) -> None:
        self.calls += 1
        if self.calls > MOST:
            return
        found = replay(self.office, self.called, happened(call, self.log))
        if found.goes_elsewhere:
            self.others += 1
            if self.others <= MOST_SHOWN:
                self.shown.append((call, found))


async def replayed(visit: Visit, rules: Rules) -> Replay:
    """The last calls by the rules that are being edited, else by those saved."""
    office = changed(visit.directory, rules.newest)
    since = visit.now - timedelta(days=DAYS)
    slices = Slices()
    async with visit.panel.sessions() as session:
        own = (await call_list.called(session, ())).own_statuses
        whose = reachable(office, rules.newest)
        log = await status_log(session, whose, (since, visit.now), own)
        trial = _Trial(office, rules.head.id, log)
        reach = reach_of(visit, Right.SEE_CALLS)
        async for some in calls_of(session, reach, rules.head.id, since, MOST):
            for one in some:
                trial.add(one.call)
                await slices.rest()
        names = names_of(await call_list.called(session, [call for call, _ in trial.shown]))
    words = rules.words.where(office, rules.newest)
    told = [_elsewhere(visit, words, trial.called, names, one) for one in trial.shown]
    return Replay(min(trial.calls, MOST), trial.others, told, is_cut=trial.calls > MOST)


def _elsewhere(
    visit: Visit, words: WayWords, called: EmployeeId, names: Names, one: tuple[PastCall, Replayed]
) -> Elsewhere:
    call, found = one
    say = visit.words.say
    caller = number_shown(call.caller_number) or say(N_("number withheld"))
    boxes = words.boxes(called, found.plans, [None] * len(found.plans))
    now = [Stop(box.icon, box.brief or box.title, box.tone) for box in boxes]
    is_message = isinstance(found.plans[-1].step, TakeMessage)
    end = Ending.MESSAGE if is_message else Ending.NOT_TAKEN
    return Elsewhere(
        call,
        caller,
        short_path(visit, call, names),
        ended(visit, call, names),
        call_tone(call),
        now,
        visit.storyteller(names).end((Ending.ANSWERED if found.is_taken else end).value),
    )
