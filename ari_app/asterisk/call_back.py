"""Calls back, placed through ARI: once each, and carried out by the dial plan."""

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog

from ari_app.asterisk.rest import AriError, Response, path
from ari_app.asterisk.steps import encode_plan
from ari_app.asterisk.verbs import Endpoint
from ari_app.domain.call_back import OWN_SECONDS, CallBack, CallBackAnswer, call_back
from ari_app.domain.directory import Directory
from ari_app.domain.numbers import EmployeeId, Extension, OutsideNumber
from ari_app.domain.steps import Plan, Ring

_log = structlog.get_logger()

_PHONES = "Local/s@autosecretary-call-back-phones/n"
_CONTEXT = "autosecretary-call-back"
_SPARE_SECONDS = 10
"""The dial plan ends the ringing, so that the journal tells how; this is for when it does not."""
_TWICE_SECONDS = 5.0
"""The same wish again within this time is a double click."""


class Asked(Protocol):
    """What calling back needs of ARI."""

    async def over_http(
        self,
        method: str,
        uri: str,
        query: dict[str, str] | None = None,
        json: object = None,
    ) -> Response: ...


class CallsBack:
    """Places calls back; a wish that was carried out is never sent twice."""

    def __init__(self, asterisk: Asked, directory: Callable[[], Directory]) -> None:
        self._asterisk = asterisk
        self._directory = directory
        self._lately: dict[tuple[EmployeeId, str], float] = {}

    async def place(self, by: EmployeeId, number: OutsideNumber | Extension) -> CallBackAnswer:
        """Ring the phones of `by`; whoever picks up is connected with `number`."""
        wanted = call_back(by, number, self._directory())
        if isinstance(wanted, CallBackAnswer):
            return wanted
        if self._is_twice(by, wanted.to):
            return CallBackAnswer.TWICE
        try:
            answer = await self._place(wanted)
        except AriError as error:
            # Whether Asterisk still does it is not known, so it counts as done for a moment.
            _log.warning("call_back.failed", employee=by, reason=str(error))
            return CallBackAnswer.ASTERISK_AWAY
        if answer is not CallBackAnswer.RINGING:
            self._lately.pop((by, wanted.to), None)
        return answer

    def _is_twice(self, by: EmployeeId, to: str) -> bool:
        now = asyncio.get_running_loop().time()
        self._lately = {key: at for key, at in self._lately.items() if now - at < _TWICE_SECONDS}
        is_twice = (by, to) in self._lately
        self._lately.setdefault((by, to), now)
        return is_twice

    async def _place(self, wanted: CallBack) -> CallBackAnswer:
        if not await self._is_registered(wanted.own):
            return CallBackAnswer.PHONE_AWAY
        answer = await self._asterisk.over_http("POST", "channels", json=_originate(wanted))
        if answer.is_ok:
            _log.info("call_back.placed", employee=wanted.by.id, inside=wanted.dial is None)
            return CallBackAnswer.RINGING
        _log.warning("call_back.refused", employee=wanted.by.id, status=answer.status)
        return CallBackAnswer.ASTERISK_AWAY

    async def _is_registered(self, own: Ring) -> bool:
        for leg in own.legs:
            uri = path("endpoints", "PJSIP", leg.address)
            answer = await self._asterisk.over_http("GET", uri)
            if answer.is_ok and answer.read(Endpoint).state != "offline":
                return True
        return False


def _originate(wanted: CallBack) -> dict[str, object]:
    """ARI's request: the first half rings the phones, the second goes to the dial plan."""
    dial = "" if wanted.dial is None else encode_plan(Plan(wanted.dial, ()))
    name = "".join(sign for sign in wanted.by.name if sign.isprintable() and sign not in '"\\<>')
    return {
        "endpoint": _PHONES,
        "context": _CONTEXT,
        "extension": "s",
        "priority": 1,
        "timeout": OWN_SECONDS + _SPARE_SECONDS,
        "variables": {
            "AS_BACK_TO": wanted.to,
            "AS_BACK_BY": wanted.by.extension,
            "AS_BACK_NAME": name,
            "AS_BACK_OWN": encode_plan(Plan(wanted.own, ())),
            "AS_BACK_STEP": dial,
        },
    }
