"""One question from the dial plan: read the call, ask `route`, hand back the step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import Protocol

import structlog

from ari_app.asterisk.events import CallBroadcast, Channel, Event, StasisStart
from ari_app.asterisk.steps import (
    CALLED_VARIABLE,
    ORIGIN_VARIABLE,
    STEP_VARIABLE,
    TRIED_VARIABLE,
    encode_plan,
    parse_attempts,
)
from ari_app.domain.calls import Call, Caller
from ari_app.domain.directory import Directory
from ari_app.domain.numbers import Extension
from ari_app.domain.routing import route
from ari_app.domain.steps import Plan
from ari_app.metrics import Metrics
from ari_app.numbering import caller_number

log = structlog.get_logger()

_MOST_PREPARED = 1000


class Switchboard(Protocol):
    """What a question needs of Asterisk."""

    async def claim(self, channel_id: str, meanwhile: Callable[[], None]) -> bool: ...
    async def answer_question(self, channel_id: str, variable: str, value: str) -> bool: ...
    async def let_go(self, channel_id: str) -> object: ...


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a question is answered with, and what it was made from; `asked_at` in seconds."""

    channel: Channel
    directory: Directory
    asked_at: float
    plan: Plan
    step: str

    def is_for(self, channel: Channel, directory: Directory) -> bool:
        """Whether nothing that the answer rests on has changed since."""
        return (
            self.directory is directory
            and self.channel.channelvars == channel.channelvars
            and self.channel.caller == channel.caller
        )


class Conductor:
    """Answers questions from the directory of the moment.

    The answer is made while Asterisk works on the claim, so that the call does not wait for it.
    """

    def __init__(
        self,
        switchboard: Switchboard,
        directory: Callable[[], Directory],
        now: Callable[[], datetime],
        country: str,
        metrics: Metrics,
    ) -> None:
        self._metrics = metrics
        self._switchboard = switchboard
        self._directory = directory
        self._now = now
        self._country = country
        self._prepared: dict[str, _Answer] = {}

    async def on_event(self, event: Event) -> None:
        """Claim a call that is offered; answer the question of one that arrived."""
        match event:
            case CallBroadcast(channel=channel):
                prepare = partial(self._prepare, channel, perf_counter())
                if not await self._switchboard.claim(channel.id, prepare):
                    self._prepared.pop(channel.id, None)
            case StasisStart(channel=channel):
                await self._answer(channel)
            case _:
                return

    async def _answer(self, channel: Channel) -> None:
        """Whatever fails, the channel goes on: the dial plan then follows the stored plan."""
        if CALLED_VARIABLE not in channel.channelvars:
            log.error("question.without_variables", call=channel.id, todo="channelvars in ari.conf")
            await self._switchboard.let_go(channel.id)
            return
        try:
            answer = self._answer_for(channel)
        except BaseException:
            self._metrics.failures.inc()
            await self._switchboard.let_go(channel.id)
            raise
        if await self._switchboard.answer_question(channel.id, STEP_VARIABLE, answer.step):
            self._note(answer)
        else:
            log.info("question.caller_gone", call=channel.id)

    def _prepare(self, channel: Channel, asked_at: float) -> None:
        if CALLED_VARIABLE in channel.channelvars:
            self._prepared[channel.id] = self._made(channel, asked_at)
        if len(self._prepared) > _MOST_PREPARED:
            # Claimed, and gone before it arrived: nobody asks for the oldest any more.
            del self._prepared[next(iter(self._prepared))]

    def _answer_for(self, channel: Channel) -> _Answer:
        prepared = self._prepared.pop(channel.id, None)
        if prepared is not None and prepared.is_for(channel, self._directory()):
            return prepared
        return self._made(channel, prepared.asked_at if prepared else perf_counter())

    def _made(self, channel: Channel, asked_at: float) -> _Answer:
        directory = self._directory()
        plan = route(read_call(channel, directory, self._country), directory, self._now())
        return _Answer(channel, directory, asked_at, plan, encode_plan(plan))

    def _note(self, answer: _Answer) -> None:
        """After the answer has gone: no call waits for a line of the log."""
        plan = answer.plan
        self._metrics.question_seconds.observe(perf_counter() - answer.asked_at)
        self._metrics.questions.labels(type(plan.step).__name__).inc()
        log.info(
            "question.answered",
            call=answer.channel.id,
            called=answer.channel.channelvars[CALLED_VARIABLE],
            step=plan.step.key,
            because=[reason.fact.value for reason in plan.because],
        )


def read_call(channel: Channel, directory: Directory, country: str) -> Call:
    """The call that a channel is, by the variables that the dial plan has set.

    A call is from inside when it came from an employee's phone and the caller is one of us: a
    call from outside that an employee transfers stays one from outside.
    """
    variables = channel.channelvars
    number = channel.caller.number
    is_inside = variables.get(ORIGIN_VARIABLE) == "inside" and number in directory.extensions
    return Call(
        Caller(number if is_inside else caller_number(number, country), is_inside),
        Extension(variables.get(CALLED_VARIABLE, "")),
        parse_attempts(variables.get(TRIED_VARIABLE, "")),
    )
