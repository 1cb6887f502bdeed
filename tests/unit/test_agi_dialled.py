"""What was dialled, whose phone it was, and when "until 13:40" is."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agi_scripts.dialled import (
    Codes,
    SayStatus,
    SetStatus,
    endpoint_of,
    next_moment,
    parse_dialled,
)
from ari_app.domain.directory import Status
from ari_app.domain.numbers import Extension
from ari_app.settings import Settings

CODES = Codes.of(Settings(_env_file=None))
MOSCOW = ZoneInfo("Europe/Moscow")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("dialled", "wish"),
    [
        ("*31", SetStatus(Status.ONLINE)),
        ("*32", SetStatus(Status.DO_NOT_DISTURB)),
        ("*33", SetStatus(Status.BREAK)),
        ("*34", SetStatus(Status.OUTBOUND_CALLS)),
        ("*35", SetStatus(Status.ALL_CALLS)),
        ("*36", SetStatus(Status.OFFLINE)),
        ("*30", SayStatus()),
        ("*30*102", SayStatus(Extension("102"))),
        ("*33*102", SetStatus(Status.BREAK, Extension("102"))),
        ("*33*1340", SetStatus(Status.BREAK, Extension("1340"))),
        ("*33#1340", SetStatus(Status.BREAK, None, time(13, 40))),
        ("*33**1340", SetStatus(Status.BREAK, None, time(13, 40))),
        ("*33*102#0000", SetStatus(Status.BREAK, Extension("102"), time(0))),
        ("*33*102*0905", SetStatus(Status.BREAK, Extension("102"), time(9, 5))),
        ("*33*1340#2359", SetStatus(Status.BREAK, Extension("1340"), time(23, 59))),
    ],
)
def test_each_form_that_can_be_dialled_is_understood(
    dialled: str, wish: SetStatus | SayStatus
) -> None:
    assert wish == parse_dialled(dialled, CODES)


@pytest.mark.parametrize(
    "dialled",
    [
        "",
        "33",
        "*3",
        "*39",
        "*33#2599",
        "*33#2400",
        "*33#1360",
        "*33*102#2599",
        "*33#134",
        "*33#13400",
        "*33*1",
        "*33*12345678",
        "*33*",
        "*33#",
        "*30#1340",
        "*30*102#1340",
        "*33*102*",
        "*33 *102",
        "*33*102\n",
        "*٣٣",
        "*33*١٠٢",
        "*33#١٣٤٠",
        "*33*${SHELL(id)}",
        "*33*" + "1" * 300,
    ],
)
def test_what_is_none_of_the_forms_is_not_understood(dialled: str) -> None:
    assert parse_dialled(dialled, CODES) is None


@given(st.text(max_size=40), st.text(alphabet="*#0123456789", max_size=14))
def test_nothing_dialled_makes_reading_it_raise(text: str, keys: str) -> None:
    for dialled in (text, keys, "*33" + keys):
        parse_dialled(dialled, CODES)
    endpoint_of(text)
    endpoint_of("PJSIP/" + text + "-0000002a")


@pytest.mark.parametrize(
    ("channel", "endpoint"),
    [
        ("PJSIP/101-0000002a", "101"),
        ("PJSIP/anna-desk-0000002a", "anna-desk"),
        ("PJSIP/anna-deadbeef-0000002a", "anna-deadbeef"),
        ("PJSIP/101", None),
        ("PJSIP/101-desk", None),
        ("PJSIP/-0000002a", None),
        ("PJSIP/a b-0000002a", None),
        ("PJSIP/101&102-0000002a", None),
        ("SIP/101-0000002a", None),
        ("Local/101@phones-0000002a;1", None),
        ("Local/PJSIP/101-0000002a", None),
        ("", None),
    ],
)
def test_endpoint_is_what_stands_before_the_last_dash(channel: str, endpoint: str | None) -> None:
    assert endpoint == endpoint_of(channel)


@pytest.mark.parametrize(
    ("clock", "zone", "now", "moment"),
    [
        ("13:40", MOSCOW, "2026-11-23T09:00", "2026-11-23T10:40"),
        ("12:00", MOSCOW, "2026-11-23T09:00", "2026-11-24T09:00"),
        ("00:30", MOSCOW, "2026-11-23T20:50", "2026-11-23T21:30"),
        ("23:00", MOSCOW, "2026-11-23T21:30", "2026-11-24T20:00"),
        # Clocks go from 2:00 to 3:00 at 1:00 UTC on 29 March, and back at 1:00 UTC on 25 October.
        ("02:30", BERLIN, "2026-03-28T23:00", "2026-03-29T01:30"),
        ("02:30", BERLIN, "2026-10-24T22:00", "2026-10-25T00:30"),
        ("02:30", BERLIN, "2026-10-25T00:45", "2026-10-25T01:30"),
        ("02:30", BERLIN, "2026-10-25T01:45", "2026-10-26T01:30"),
    ],
)
def test_time_of_day_is_its_next_moment_in_the_employees_zone(
    clock: str, zone: ZoneInfo, now: str, moment: str
) -> None:
    expected = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert expected == next_moment(
        time.fromisoformat(clock), zone, datetime.fromisoformat(now).replace(tzinfo=UTC)
    )


@given(st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)), st.datetimes())
def test_time_of_day_is_always_ahead_and_within_a_day_or_so(clock: time, at: datetime) -> None:
    now = at.replace(year=2000 + at.year % 30, day=min(at.day, 28), tzinfo=UTC)
    ahead = next_moment(clock, BERLIN, now) - now
    assert 0 < ahead.total_seconds() <= 26 * 3600
