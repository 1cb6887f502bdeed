"""Calls of the demo office in the history, for tests of the panel's lists and reports."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from ari_app.asterisk.steps import WrittenStep
from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.numbers import RuleId
from ari_app.domain.steps import Fact, Reason
from ari_app.store import history
from ari_app.store.past import NewCall
from ari_app.store.rows import CallRow
from tests.unit.panel import Office

CALLER = "+79165550177"
TALK = 42


@dataclass(frozen=True)
class Rang:
    """A call to an extension that rang and came out somehow; `ending` None: it still rings."""

    to: int
    ending: Ending | None
    ago: timedelta = timedelta(minutes=1)
    caller: str = CALLER
    name: str = "Иван"
    is_inside: bool = False
    linked: str = ""
    by_mirror: bool = False


async def note(office: Office, rang: Rang) -> int:
    """Write a call as the journal would, and return its id."""
    at = office.now() - rang.ago
    whose = office.who(rang.to)
    channel = f"{at.timestamp()}.{rang.to}"
    because = (
        Reason(Fact.RULE_BY_STATUS, whose, RuleId(1), "break"),
        Reason(Fact.READY, office.who(101), None, "online"),
    )
    async with office.sessions.begin() as session:
        call = NewCall(
            channel, rang.linked or channel, at, rang.caller, rang.name, rang.is_inside,
            str(rang.to), whose,
        )  # fmt: skip
        await history.begin_call(session, call)
        ring = WrittenStep("ring", "1p", 25, ("101", "+79165550105"), "", "", "", because)
        await history.add_step(session, channel, ring, by_mirror=rang.by_mirror, at=at)
        if rang.ending in {Ending.NOT_TAKEN, Ending.MESSAGE}:
            await _in_vain(office, session_at=(session, at), channel=channel, rang=rang)
        if rang.ending is not None:
            talked = TALK if rang.ending is Ending.ANSWERED else 0
            end = at + timedelta(seconds=50)
            await history.end_call(session, channel, rang.ending, end, talked)
        query = select(CallRow.id).where(CallRow.channel_id == channel)
        return await session.scalar(query) or 0


async def _in_vain(office: Office, session_at: tuple, channel: str, rang: Rang) -> None:  # type: ignore[type-arg]
    session, at = session_at
    later: datetime = at + timedelta(seconds=25)
    await history.finish_step(session, channel, "1p", Outcome.NO_ANSWER, later)
    why = (Reason(Fact.UNANSWERED, office.who(rang.to), None, "no_answer"),)
    last = WrittenStep("hangup", "1e", 0, (), "busy", "", "autosecretary/busy", why)
    if rang.ending is Ending.MESSAGE:
        last = WrittenStep("message", "1v", 0, (), str(rang.to), "", "", why)
    await history.add_step(session, channel, last, by_mirror=False, at=later)
