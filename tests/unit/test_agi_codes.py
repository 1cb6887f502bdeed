"""Feature codes from the own phone, from others', and from outside."""

import asyncio
import shlex
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agi_scripts.codes import SOUNDS, feature_code
from agi_scripts.dialled import Codes
from agi_scripts.server import listening
from ari_app.domain.directory import Declared, Status, StatusChoice
from ari_app.domain.numbers import EmployeeId, Endpoint, Extension, OwnStatusId
from ari_app.settings import Settings

NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""12:00 in Moscow."""
ANNA, BORIS = EmployeeId(1), EmployeeId(2)
ANNAS_PHONE, BORISS_PHONE = "PJSIP/anna-desk-0000002a", "PJSIP/102-0000002b"
HALL_PHONE, TRUNK = "PJSIP/hall-0000002c", "PJSIP/outside-0000002d"
LUNCH = OwnStatusId(7)


@dataclass
class FakeOffice:
    """Anna at 101 (phone anna-desk, PIN 1111) and Boris at 102 (phone 102, PIN 2222)."""

    statuses: dict[EmployeeId, Declared] = field(
        default_factory=lambda: {ANNA: Declared(Status.ONLINE), BORIS: Declared(Status.ONLINE)}
    )
    clock: datetime = NOON
    is_broken: bool = False

    def now(self) -> datetime:
        return self.clock

    async def employee_of_endpoint(self, endpoint: Endpoint) -> EmployeeId | None:
        return {"anna-desk": ANNA, "102": BORIS}.get(endpoint)

    async def employee_of_extension(self, extension: Extension) -> EmployeeId | None:
        return {"101": ANNA, "102": BORIS}.get(extension)

    async def check_pin(self, extension: Extension, pin: str) -> EmployeeId | None:
        right = {("101", "1111"): ANNA, ("102", "2222"): BORIS}
        return right.get((extension, pin))

    async def declare(
        self, employee: EmployeeId, choice: StatusChoice, until: datetime | None
    ) -> Declared:
        if self.is_broken:
            raise RuntimeError("database is locked")
        assert isinstance(choice, Status)
        below = self.statuses[employee] if until else None
        self.statuses[employee] = Declared(choice, None, until, below)
        return self.statuses[employee]

    async def declared(self, employee: EmployeeId) -> Declared:
        return self.statuses[employee]

    async def zone(self, employee: EmployeeId) -> ZoneInfo:
        return ZoneInfo("Europe/Moscow")

    def bases(self) -> tuple[Status, Status]:
        return self.statuses[ANNA].base, self.statuses[BORIS].base


class StubbornOffice(FakeOffice):
    """Stores Offline whatever is asked for."""

    async def declare(
        self, employee: EmployeeId, choice: StatusChoice, until: datetime | None
    ) -> Declared:
        return await super().declare(employee, Status.OFFLINE, None)


@dataclass
class FakeAsterisk:
    """Answers commands as Asterisk does, presses `keys`, and notes what the caller hears."""

    keys: list[str]
    heard: list[str] = field(default_factory=list)
    is_told: bool = False
    is_hung_up: bool = False

    async def call(self, port: int, channel: str, dialled: str) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        header = {
            "agi_request": "agi://127.0.0.1/code",
            "agi_channel": channel,
            "agi_callerid": "101",
            "agi_extension": dialled,
        }
        writer.write("".join(f"{n}: {v}\n" for n, v in header.items()).encode() + b"\n")
        try:
            async with asyncio.timeout(5):
                while line := await reader.readline():
                    writer.write(self._reply(shlex.split(line.decode())))
        finally:
            writer.transport.abort()

    def _reply(self, words: list[str]) -> bytes:
        match words:
            case ["STREAM", "FILE", sound, _]:
                self.heard.append(sound.removeprefix("autosecretary/"))
                assert sound in SOUNDS
            case ["GET", "DATA", prompt, _, _]:
                self.heard.append(prompt.removeprefix("autosecretary/"))
                assert prompt in SOUNDS
                if not self.keys:
                    self.is_hung_up = True
                    return b"HANGUP\n511 Command Not Permitted on a dead channel\n"
                return f"200 result={self.keys.pop(0)}\n".encode()
            case ["SET", "VARIABLE", "AS_ANSWERED", "1"]:
                self.is_told = True
                return b"200 result=1\n"
            case _:
                self.heard.append(" ".join(words))
        return b"200 result=0\n"


async def dial(office: FakeOffice, *calls: tuple[str, str, list[str]]) -> list[list[str]]:
    """What is heard by each caller in turn: (channel, dialled, keys pressed at prompts)."""
    script = feature_code(office, Codes.of(Settings(_env_file=None)))
    heard = []
    async with listening({"code": script}, "127.0.0.1", 0) as port:
        for channel, dialled, keys in calls:
            asterisk = FakeAsterisk(keys)
            await asterisk.call(port, channel, dialled)
            heard.append(asterisk.heard)
            assert asterisk.is_told == (not asterisk.is_hung_up)
    return heard


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("*31", Status.ONLINE),
        ("*32", Status.DO_NOT_DISTURB),
        ("*33", Status.BREAK),
        ("*34", Status.OUTBOUND_CALLS),
        ("*35", Status.ALL_CALLS),
        ("*36", Status.OFFLINE),
    ],
)
async def test_code_from_the_own_phone_sets_the_status_and_says_it(
    code: str, status: Status
) -> None:
    office = FakeOffice()
    assert await dial(office, (ANNAS_PHONE, code, [])) == [[f"status-{status.value}"]]
    assert office.bases() == (status, Status.ONLINE)


async def test_status_until_a_time_is_said_with_its_time() -> None:
    office = FakeOffice()
    heard = await dial(office, (ANNAS_PHONE, "*33#1340", []), (ANNAS_PHONE, "*30", []))
    assert heard == [["status-break", "until", "hour-13", "minute-40"]] * 2
    assert office.statuses[ANNA].until == datetime(2026, 11, 23, 10, 40, tzinfo=UTC)


async def test_status_whose_time_has_come_is_not_said_any_more() -> None:
    office = FakeOffice()
    await dial(office, (ANNAS_PHONE, "*33#1340", []))
    office.clock += timedelta(hours=2)
    assert await dial(office, (ANNAS_PHONE, "*30", [])) == [["status-online"]]


async def test_what_is_said_is_what_was_stored() -> None:
    assert await dial(StubbornOffice(), (ANNAS_PHONE, "*33", [])) == [["status-offline"]]


@pytest.mark.parametrize("dialled", ["*33#2599", "*39", "*30#1340", "hello", "*33*1"])
async def test_what_is_not_understood_changes_nothing(dialled: str) -> None:
    office = FakeOffice()
    assert await dial(office, (ANNAS_PHONE, dialled, [])) == [["not-understood"]]
    assert office.bases() == (Status.ONLINE, Status.ONLINE)


async def test_lamp_key_on_the_own_phone_needs_no_pin() -> None:
    office = FakeOffice()
    assert await dial(office, (BORISS_PHONE, "*33*102", [])) == [["status-break"]]
    assert office.bases() == (Status.ONLINE, Status.BREAK)


async def test_lit_lamp_key_goes_back_to_online() -> None:
    office = FakeOffice()
    key = (BORISS_PHONE, "*33*102", list[str]())
    assert await dial(office, key, key, key) == [
        ["status-break"],
        ["status-online"],
        ["status-break"],
    ]


async def test_key_is_lit_by_an_own_status_and_by_one_with_an_end() -> None:
    office = FakeOffice()
    office.statuses[ANNA] = Declared(Status.BREAK, LUNCH)
    office.statuses[BORIS] = Declared(
        Status.BREAK, None, NOON + timedelta(hours=1), Declared(Status.ONLINE)
    )
    heard = await dial(office, (ANNAS_PHONE, "*33*101", []), (BORISS_PHONE, "*33*102", []))
    assert heard == [["status-online"], ["status-online"]]


async def test_code_without_extension_and_one_with_a_time_do_not_toggle() -> None:
    office = FakeOffice()
    calls = [(BORISS_PHONE, dialled, list[str]()) for dialled in ("*33", "*33", "*33*102#1340")]
    heard = await dial(office, *calls)
    assert [sounds[0] for sounds in heard] == ["status-break"] * 3


async def test_another_phone_is_asked_for_the_pin_of_the_extension() -> None:
    office = FakeOffice()
    heard = await dial(office, (ANNAS_PHONE, "*32*102", ["2222"]))
    assert heard == [["enter-pin", "status-do_not_disturb"]]
    assert office.bases() == (Status.ONLINE, Status.DO_NOT_DISTURB)


async def test_status_of_somebody_else_is_not_said_without_the_pin() -> None:
    heard = await dial(FakeOffice(), (ANNAS_PHONE, "*30*102", ["2222"]))
    assert heard == [["enter-pin", "status-online"]]


@pytest.mark.parametrize("channel", [HALL_PHONE, TRUNK, "Local/101@phones-00000001;1", "", "x"])
async def test_phone_of_nobody_is_asked_for_extension_and_pin(channel: str) -> None:
    office = FakeOffice()
    heard = await dial(office, (channel, "*33", ["102", "2222"]))
    assert heard == [["enter-extension", "enter-pin", "status-break"]]
    assert office.bases() == (Status.ONLINE, Status.BREAK)


@pytest.mark.parametrize("dialled", ["*33", "*33*101", "*33*101#1340"])
@pytest.mark.parametrize("keys", [[], ["101"], ["1111"], ["999", "1111"], ["", ""]])
async def test_outside_caller_sets_nothing_without_extension_and_pin(
    dialled: str, keys: list[str]
) -> None:
    office = FakeOffice()
    if dialled != "*33":
        keys = [key for key in keys if key != "1111"]
    await dial(office, (TRUNK, dialled, keys))
    assert office.bases() == (Status.ONLINE, Status.ONLINE)


async def test_three_wrong_pins_end_the_call() -> None:
    office = FakeOffice()
    heard = await dial(office, (TRUNK, "*33*102", ["1111", "", "3333", "2222"]))
    assert heard == [["enter-pin", "wrong-pin"] * 3 + ["HANGUP"]]
    assert office.bases() == (Status.ONLINE, Status.ONLINE)


async def test_mistyped_extension_can_be_typed_again() -> None:
    heard = await dial(FakeOffice(), (HALL_PHONE, "*33", ["120", "2222", "102", "2222"]))
    asked = ["enter-extension", "enter-pin"]
    assert heard == [[*asked, "wrong-pin", *asked, "status-break"]]


async def test_caller_hears_something_when_the_status_cannot_be_stored() -> None:
    office = FakeOffice(is_broken=True)
    assert await dial(office, (ANNAS_PHONE, "*33", [])) == [["not-understood"]]


async def test_caller_who_hangs_up_at_a_prompt_changes_nothing() -> None:
    office = FakeOffice()
    await dial(office, (HALL_PHONE, "*33", []), (HALL_PHONE, "*33", ["102"]))
    assert office.bases() == (Status.ONLINE, Status.ONLINE)
