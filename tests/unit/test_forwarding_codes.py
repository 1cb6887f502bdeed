"""Forwarding codes: what is dialled, what is asked, what is stored, and what is heard."""

import asyncio
import shlex
from dataclasses import dataclass, field

import pytest

from agi_scripts import codes
from agi_scripts.codes import feature_code
from agi_scripts.dialled import Codes
from agi_scripts.forwarding import SOUNDS, Target, forwarding_codes
from agi_scripts.server import listening
from ari_app.domain.checks import Problem
from ari_app.domain.directory import Colleague, Destination, OutsideNumbers
from ari_app.domain.forwards import ForwardKind
from ari_app.domain.numbers import EmployeeId
from ari_app.settings import Settings
from demo.prompts import speeches
from tests.unit.people import MOBILE
from tests.unit.test_agi_codes import ANNA, ANNAS_PHONE, BORIS, HALL_PHONE, TRUNK, FakeOffice

SETTINGS = Settings(_env_file=None)
TO_BORIS, TO_MOBILE = Colleague(BORIS), OutsideNumbers((MOBILE,))
TARGETS = {
    "102": Target(TO_BORIS, "102"),
    "101": Target(Colleague(ANNA), "101"),
    "89165550199": Target(TO_MOBILE, "79165550199"),
}
ALL, BUSY, NO_ANSWER = ForwardKind.ALL, ForwardKind.BUSY, ForwardKind.NO_ANSWER


@dataclass
class FakeForwards:
    """Keeps forwardings in memory; `problem` is why none can be set."""

    on: dict[tuple[EmployeeId, ForwardKind], Destination] = field(default_factory=dict)
    problem: Problem | None = None

    def target(self, number: str) -> Target | None:
        return TARGETS.get(number)

    async def forward(
        self, employee: EmployeeId, kind: ForwardKind, to: Destination
    ) -> Problem | None:
        if self.problem is None:
            self.on[employee, kind] = to
        return self.problem

    async def end(self, employee: EmployeeId, kind: ForwardKind) -> None:
        self.on.pop((employee, kind), None)

    async def is_on(self, employee: EmployeeId, kind: ForwardKind) -> bool:
        return (employee, kind) in self.on


def _answered(words: list[str], keys: list[str], heard: list[str]) -> bytes:
    match words:
        case ["STREAM", "FILE", sound, _] | ["GET", "DATA", sound, _, _]:
            heard.append(sound.removeprefix("autosecretary/").removeprefix("forward-"))
            assert sound in SOUNDS | codes.SOUNDS or sound.startswith("digits/")
        case ["SET", "VARIABLE", "AS_ANSWERED", "1"]:
            pass
        case _:
            heard.append(" ".join(words))
    if words[0] == "GET":
        if not keys:
            return b"HANGUP\n511 Command Not Permitted on a dead channel\n"
        return f"200 result={keys.pop(0)}\n".encode()
    return b"200 result=0\n"


async def dial(forwards: FakeForwards, channel: str, dialled: str, *keys: str) -> list[str]:
    """What is heard, the keys in the order in which they are asked for."""
    office = FakeOffice()
    others = forwarding_codes(office, forwards, SETTINGS)
    script = feature_code(office, Codes.of(SETTINGS), others)
    heard: list[str] = []
    left = list(keys)
    async with listening({"code": script}, "127.0.0.1", 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        header = f"agi_request: agi://h/code\nagi_channel: {channel}\nagi_extension: {dialled}\n\n"
        writer.write(header.encode())
        async with asyncio.timeout(5):
            while line := await reader.readline():
                writer.write(_answered(shlex.split(line.decode()), left, heard))
        writer.transport.abort()
    return heard


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [("*72", ALL, "all"), ("*90", BUSY, "busy"), ("*92", NO_ANSWER, "no-answer")],
)
async def test_a_code_with_a_number_forwards_and_says_so(
    code: str, kind: ForwardKind, said: str
) -> None:
    forwards = FakeForwards()
    heard = await dial(forwards, ANNAS_PHONE, f"{code}89165550199")
    assert heard == [said, *(f"digits/{digit}" for digit in "79165550199")]
    assert forwards.on == {(ANNA, kind): TO_MOBILE}


@pytest.mark.parametrize(("code", "kind"), [("*73", ALL), ("*91", BUSY), ("*93", NO_ANSWER)])
async def test_the_next_code_ends_it_and_nothing_else(code: str, kind: ForwardKind) -> None:
    forwards = FakeForwards({(ANNA, each): TO_BORIS for each in ForwardKind})
    assert await dial(forwards, ANNAS_PHONE, code) == ["off"]
    assert forwards.on.keys() == {(ANNA, each) for each in ForwardKind if each is not kind}


async def test_ending_what_is_not_on_is_confirmed_too() -> None:
    assert await dial(FakeForwards(), ANNAS_PHONE, "*73") == ["off"]


async def test_a_code_alone_asks_for_the_number_until_there_is_one() -> None:
    forwards = FakeForwards()
    heard = await dial(forwards, ANNAS_PHONE, "*72", "555", "102")
    asked = ["enter-number", "unknown", "enter-number"]
    assert heard == [*asked, "all", "digits/1", "digits/0", "digits/2"]
    assert forwards.on == {(ANNA, ALL): TO_BORIS}


async def test_three_numbers_that_are_none_end_the_call() -> None:
    forwards = FakeForwards()
    heard = await dial(forwards, ANNAS_PHONE, "*72", "555", "", "7")
    assert heard == ["enter-number", "unknown"] * 3
    assert forwards.on == {}


async def test_a_second_number_takes_the_place_of_the_first() -> None:
    forwards = FakeForwards({(ANNA, ALL): TO_BORIS})
    await dial(forwards, ANNAS_PHONE, "*7289165550199")
    assert forwards.on == {(ANNA, ALL): TO_MOBILE}


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (Problem.MAY_NOT_DIAL, "not-allowed"),
        (Problem.CIRCLE, "circle"),
        (Problem.MYSELF, "circle"),
        (Problem.COLLEAGUE_GONE, "unknown"),
    ],
)
async def test_why_nothing_is_forwarded_is_said(problem: Problem, said: str) -> None:
    assert await dial(FakeForwards(problem=problem), ANNAS_PHONE, "*72102") == [said]


async def test_a_lamp_key_switches_on_after_asking_and_off_at_once() -> None:
    forwards = FakeForwards()
    heard = await dial(forwards, ANNAS_PHONE, "*72*101", "102")
    assert heard[:2] == ["enter-number", "all"]
    assert await dial(forwards, ANNAS_PHONE, "*72*101") == ["off"]
    assert forwards.on == {}


async def test_from_another_phone_the_pin_is_asked_first() -> None:
    forwards = FakeForwards()
    heard = await dial(forwards, ANNAS_PHONE, "*72*102*89165550199", "2222")
    assert heard[:2] == ["enter-pin", "all"]
    assert forwards.on == {(BORIS, ALL): TO_MOBILE}
    assert await dial(forwards, HALL_PHONE, "*73", "102", "2222") == [
        "enter-extension",
        "enter-pin",
        "off",
    ]
    assert forwards.on == {}


@pytest.mark.parametrize("dialled", ["*72*102*89165550199", "*73*102", "*7289165550199"])
async def test_nobody_outside_forwards_anything_without_the_pin(dialled: str) -> None:
    forwards = FakeForwards({(BORIS, ALL): TO_BORIS})
    await dial(forwards, TRUNK, dialled, "102", "1", "102", "2", "102", "3")
    assert forwards.on == {(BORIS, ALL): TO_BORIS}


@pytest.mark.parametrize(
    "dialled", ["*72x", "*72**", "*72*1", "*72#102", "*73102", "*72" + "1" * 40, "*72١٠٢"]
)
async def test_what_is_none_of_the_forms_is_not_understood(dialled: str) -> None:
    assert await dial(FakeForwards(), ANNAS_PHONE, dialled) == ["not-understood"]


@pytest.mark.parametrize("speech", list(speeches()), ids=lambda speech: speech.language)
def test_everything_that_is_said_is_a_sentence(speech: object) -> None:
    texts = speech.texts  # type: ignore[attr-defined]
    assert set() == SOUNDS - {f"autosecretary/{name}" for name in texts}
