"""`make call FROM=… TO=…`: one real call to the running demo office, and the way it took."""

import argparse
import os
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from ari_app.asterisk.journal import CallBegan, JournalEvent, parse_line
from demo.asterisk import AsteriskInstance
from demo.instance import FOLDER, password, running_ports
from demo.problem import Problem, told
from demo.prompts import get_prompts
from demo.rootfs import get_root
from demo.service import autosecretary
from demo.sipp import Booth, Call, Caller, Said, place
from demo.voice import caller_voice

HISTORY_SECONDS = 10
_STEP_SECONDS = 0.1
_UNIMPORTANT = ("INVITE", "ACK", "100", "401")

console = Console(highlight=False)


def call(number: str, to: str, talk_seconds: float) -> None:
    """Call and tell. Raises Problem when no office runs or nothing is written of the call."""
    ports = running_ports()
    root = get_root()
    asterisk = AsteriskInstance(FOLDER, ports, root, get_prompts(root))
    environment = asterisk.service_environment()
    journal = Path(environment["AUTOSECRETARY_JOURNAL"])
    start = journal.stat().st_size if journal.exists() else 0
    where = FOLDER / "calls" / str(os.getpid())
    caller = Caller(number, password(number))
    console.print(f"[bold]{number or 'anonymous'} calls {to}[/]")
    voice = caller_voice(root, FOLDER / "voice")
    booth = Booth(root, where, ports.sip)
    placed = place(booth, caller, to, talk_seconds=talk_seconds, sound=voice)
    try:
        _tell(placed)
    finally:
        placed.stop()
    linked = _linked_id(journal, start, to)
    console.print(_history(environment, linked), markup=False, soft_wrap=True)


def _tell(placed: Call) -> None:
    told_so_far = 0
    while True:
        is_over = placed.is_over
        said = placed.said()
        for one in said[told_so_far:]:
            _tell_one(one, said[0])
        told_so_far = len(said)
        if is_over:
            return
        time.sleep(_STEP_SECONDS)


def _tell_one(one: Said, first: Said) -> None:
    if one.what.startswith(_UNIMPORTANT):
        return
    seconds = (one.at - first.at).total_seconds()
    who = "the caller sends" if one.sent else "the caller hears"
    console.print(f"  {seconds:6.2f} s  {who} {one.what.removesuffix(' SIP/2.0')}")


def _linked_id(journal: Path, start: int, to: str) -> str:
    """Asterisk's id of the call for `to` in the part of the journal after `start`."""
    deadline = time.monotonic() + HISTORY_SECONDS
    while time.monotonic() < deadline:
        for event in _events(journal, start):
            if isinstance(event, CallBegan) and event.called == to:
                return event.linked_id
        time.sleep(_STEP_SECONDS)
    raise Problem(f"Asterisk took no call for {to}: is that somebody's extension?")


def _events(journal: Path, start: int) -> Iterator[JournalEvent | None]:
    if journal.exists():
        with journal.open(errors="replace") as lines:
            lines.seek(start)
            yield from map(parse_line, lines)


def _history(environment: dict[str, str], linked: str) -> str:
    deadline = time.monotonic() + HISTORY_SECONDS
    while True:
        try:
            return autosecretary(environment, "history", "--call", linked)
        except Problem:
            if time.monotonic() > deadline:
                raise
        time.sleep(_STEP_SECONDS)


def main() -> None:
    parser = argparse.ArgumentParser(description="Place one real call to the demo office")
    parser.add_argument("--from", dest="number", default="+79165550123")
    parser.add_argument("--to", required=True)
    parser.add_argument(
        "--talk",
        type=float,
        default=15,
        help="seconds until the caller hangs up, greetings included",
    )
    options = parser.parse_args()
    told(lambda: call(options.number, options.to, options.talk))


if __name__ == "__main__":
    main()
