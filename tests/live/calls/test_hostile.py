"""Hostile extensions and caller ids: nothing is evaluated, and the call gets a proper answer."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import pytest

from ari_app.domain.calls import Ending
from ari_app.domain.directory import OutsideNumbers, Status, Trunk
from tests.live.calls.cards import card
from tests.live.calls.raw import raw_call
from tests.live.phones import until
from tests.live.rig import Rig
from tests.unit.people import MOBILE, directory, rule

EVIL = [
    "",
    "1" * 300,
    "Ü" * 60,
    "Анна",
    '"',
    '"$["',
    "'",
    "\\",
    "${SHELL(touch EXECUTED)}",
    "${EVAL(${SHELL(touch EXECUTED)})}",
    "$[1/0]",
    "$[1 / 0] & SHELL",
    "102,1",
    "102,n,Hangup",
    "102|102",
    "102&103",
    "102#",
    "102^103",
    "102)",
    "102}",
    "102;rm -rf",
    "102' OR '1'='1",
    "'; DROP TABLE employees; --",
    "102\r\nX-Evil: 1",
    "102\n1",
    "102\x00",
    "%s%s%n",
    "../../etc/passwd",
    "_X.",
    "s",
    "h",
    "*33*101",
    "102@autosecretary",
]
COMPLAINTS = ("syntax error", "ast_yyerror", "parse error", "angerous", "invalid extension")
NO_ANSWER_AT_ALL = 0
"""What is no SIP at all is dropped by PJSIP."""


@pytest.fixture
def untouched(tmp_path: Path) -> Path:
    """A file that only a command smuggled into the dial plan would make."""
    return tmp_path / "executed"


def evil(untouched: Path) -> list[str]:
    return [text.replace("EXECUTED", str(untouched)) for text in EVIL]


class Log:
    """What Asterisk has complained of since the beginning of a test."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._before = len(rig.asterisk.log_text())

    def complaints(self) -> Sequence[str]:
        lines = self._rig.asterisk.log_text()[self._before :].splitlines()
        ours = [line for line in lines if "pjproject" not in line]
        return [line for line in ours if any(word in line for word in COMPLAINTS)]


@pytest.mark.parametrize("encoded", [True, False], ids=["percent-encoded", "as it is"])
async def test_a_hostile_number_that_is_called_is_nobodys_and_does_nothing(
    rig: Rig, untouched: Path, encoded: bool
) -> None:
    log = Log(rig)
    numbers = [quote(text, safe="") if encoded else text for text in evil(untouched)]

    codes = await asyncio.gather(
        *(raw_call(rig.asterisk, text, "<sip:1@evil>", 4) for text in numbers)
    )

    proper = {NO_ANSWER_AT_ALL, *range(400, 500)}
    assert {} == {n: code for n, code in zip(numbers, codes, strict=True) if code not in proper}
    assert 404 in codes
    assert 404 == await raw_call(rig.asterisk, "199", "<sip:1@evil>")
    assert not untouched.exists()
    assert [] == log.complaints()
    await rig.ways(1)


@pytest.mark.parametrize("where", ["user", "raw user", "name"])
async def test_a_hostile_caller_id_is_only_a_text_and_the_call_goes_its_way(
    rig: Rig, untouched: Path, where: str
) -> None:
    """The way leads through a leg that shows another number, and is not to be reached."""
    log = Log(rig)
    rig.directory = directory(
        card(107, Status.OFFLINE, rule(1, OutsideNumbers((MOBILE,), confirm=True))),
        trunks=(Trunk("mobiles", "PJSIP/{number}", keeps_plus=False),),
    )
    # So many calls at once may be answered late: the stored plan has to be the same.
    await until(lambda: "107r1t" in rig.asterisk.cli("database get autosecretary outside-107-1"))
    numbers = evil(untouched)
    senders = {
        "user": [f"<sip:{quote(text, safe='')}@evil>" for text in numbers],
        "raw user": [f"<sip:{text}@evil>" for text in numbers],
        "name": [f'"{_folded(text)}" <sip:102@evil>' for text in numbers],
    }[where]

    codes = await asyncio.gather(*(raw_call(rig.asterisk, "107", one, 9) for one in senders))

    went = [code for code in codes if code not in (NO_ANSWER_AT_ALL, 400)]
    assert {480} == set(went)
    assert len(senders) / 3 < len(went)
    ways = await rig.ways(len(went))
    assert {(Ending.NOT_TAKEN,)} == {way.endings for way in ways}
    assert {(("107r1t", "ring"), ("107e", "hangup"))} == {
        tuple((step.key, step.kind) for step in way.tried) for way in ways
    }
    assert not untouched.exists()
    assert [] == log.complaints()


def _folded(text: str) -> str:
    """A display name as a header may hold it: quotes escaped, line breaks folded, no NUL."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\x00", "")
    return escaped.replace("\r\n", "\r\n ").replace("\n1", "\r\n 1")
