"""One question from the dial plan: read the call, ask `route`, hand back the step."""

from collections.abc import Callable
from datetime import datetime
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
from ari_app.metrics import Metrics
from ari_app.numbering import caller_number

log = structlog.get_logger()


class Switchboard(Protocol):
    """What a question needs of Asterisk."""

    async def claim(self, channel_id: str) -> bool: ...
    async def answer_question(self, channel_id: str, variable: str, value: str) -> bool: ...
    async def let_go(self, channel_id: str) -> object: ...


class Conductor:
    """Answers questions from the directory of the moment."""

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

    async def on_event(self, event: Event) -> None:
        """Claim a call that is offered; answer the question of one that arrived."""
        match event:
            case CallBroadcast(channel=channel):
                await self._switchboard.claim(channel.id)
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
            step = self._step(channel)
        except BaseException:
            self._metrics.failures.inc()
            await self._switchboard.let_go(channel.id)
            raise
        with self._metrics.question_seconds.time():
            if not await self._switchboard.answer_question(channel.id, STEP_VARIABLE, step):
                log.info("question.caller_gone", call=channel.id)

    def _step(self, channel: Channel) -> str:
        directory = self._directory()
        call = read_call(channel, directory, self._country)
        plan = route(call, directory, self._now())
        log.info(
            "question.answered",
            call=channel.id,
            called=call.called,
            step=plan.step.key,
            because=[reason.fact.value for reason in plan.because],
        )
        self._metrics.questions.labels(type(plan.step).__name__).inc()
        return encode_plan(plan)


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
