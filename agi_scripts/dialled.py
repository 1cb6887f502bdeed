r"""What was dialled, as a wish: ``*33``, ``*33*102``, ``*33#1340``, ``*33*102#1340``.

A code, then ``*`` and an extension for somebody else's phone and for lamp keys, then ``#`` and
the time of day (HHMM) at which it ends. Where a telephone takes ``#`` for "dial now", ``*`` before
the time does as well: ``*33*102*1340``, and ``*33**1340`` without an extension.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from ari_app.domain.directory import Status
from ari_app.domain.numbers import Endpoint, Extension, parse_endpoint, parse_extension
from ari_app.settings import Settings

_DIALLED = re.compile(
    r"(?P<code>\*[0-9]{2})(?:\*(?P<extension>[0-9]{2,7}))?(?:(?:#|\*\*?)(?P<until>[0-9]{4}))?",
    re.ASCII,
)
_PJSIP_CHANNEL = re.compile(r"PJSIP/(?P<endpoint>.+)-[0-9a-f]{8,}", re.ASCII)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SetStatus:
    """Declare `status`, until a time of day or for good, for `extension` or for the caller."""

    status: Status
    extension: Extension | None = None
    until: time | None = None


@dataclass(frozen=True, slots=True)
class SayStatus:
    """Say which status holds, for `extension` or for the caller."""

    extension: Extension | None = None


@dataclass(frozen=True, slots=True)
class Codes:
    """Which code is for what."""

    statuses: Mapping[str, Status]
    say_status: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(
            statuses={
                settings.code_online: Status.ONLINE,
                settings.code_do_not_disturb: Status.DO_NOT_DISTURB,
                settings.code_break: Status.BREAK,
                settings.code_outbound_calls: Status.OUTBOUND_CALLS,
                settings.code_all_calls: Status.ALL_CALLS,
                settings.code_offline: Status.OFFLINE,
            },
            say_status=settings.code_say_status,
        )


def parse_dialled(text: str, codes: Codes) -> SetStatus | SayStatus | None:
    """What `text` asks for, or None if it is not understood (a time like 25:99, other codes)."""
    if not (parts := _DIALLED.fullmatch(text)):
        return None
    extension = parse_extension(parts["extension"] or "")
    until = parts["until"]
    if parts["code"] == codes.say_status:
        return None if until else SayStatus(extension)
    status = codes.statuses.get(parts["code"])
    clock = _clock(until) if until else None
    if status is None or (until and clock is None):
        return None
    return SetStatus(status, extension, clock)


def endpoint_of(channel: str) -> Endpoint | None:
    """The SIP device of a channel: ``anna-desk`` of ``PJSIP/anna-desk-0000002a``."""
    match = _PJSIP_CHANNEL.fullmatch(channel)
    return parse_endpoint(match["endpoint"]) if match else None


def next_moment(clock: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The first moment after `now` at which clocks in `zone` show `clock`, in UTC.

    In the hour that autumn gives twice, both are tried; a time that spring leaves out is as
    much later as the clocks were put forward.
    """
    today = now.astimezone(zone).date()
    for day, fold in ((today, 0), (today, 1)):
        moment = datetime.combine(day, clock.replace(fold=fold), zone).astimezone(UTC)
        if moment > now:
            return moment
    return datetime.combine(today + _ONE_DAY, clock, zone).astimezone(UTC)


def _clock(digits: str) -> time | None:
    hour, minute = int(digits[:2]), int(digits[2:])
    return time(hour, minute) if hour < 24 and minute < 60 else None
