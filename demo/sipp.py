"""Calls by SIPp, a SIP phone for one call: from an employee's extension or from outside."""

import csv
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from demo.ports import HOST, free_port
from demo.processes import end, follow
from demo.rootfs import Root

_SCENARIO = Path(__file__).with_name("sipp") / "caller.xml"
_LONGEST_SECONDS = 300
_COLUMNS = 7


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the conversation between SIPp and Asterisk: "180 Ringing", "BYE"."""

    at: datetime
    sent: bool
    what: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: an extension with its password, or without one any number from outside."""

    number: str
    password: str = ""

    @property
    def sip_from(self) -> str:
        """The value of the From header; a number of no digits at all calls anonymously."""
        if not self.number:
            return '"Anonymous" <sip:anonymous@anonymous.invalid>'
        return f"<sip:{quote(self.number, safe='+*')}@{HOST}>"


@dataclass(frozen=True, slots=True)
class Booth:
    """Where SIPp runs and keeps its files, and the port of the Asterisk that it calls."""

    root: Root
    directory: Path
    sip_port: int


@dataclass
class Call:
    """A call on its way; SIPp hangs up by itself after it has talked long enough."""

    caller: Caller
    to: str
    directory: Path
    process: subprocess.Popen[bytes]

    @property
    def is_over(self) -> bool:
        return self.process.poll() is not None

    def said(self) -> Sequence[Said]:
        """What went over the wire so far."""
        return read_messages(self.directory / "messages.csv")

    def stop(self) -> None:
        """Let the caller vanish, if there still is one."""
        end(self.process, 0)


def place(
    booth: Booth, caller: Caller, to: str, *, talk_seconds: float = 3, sound: Path | None = None
) -> Call:
    """Call `to` now. `sound` (raw G.711 u-law) is what the caller says."""
    booth.directory.mkdir(parents=True, exist_ok=True)
    scenario = booth.directory / "caller.xml"
    stream = f'<nop><action><exec rtp_stream="{sound},1,0,PCMU/8000"/></action></nop>'
    text = _SCENARIO.read_text().replace("@TALK_MS@", str(round(talk_seconds * 1000)))
    scenario.write_text(text.replace("@SOUND@", stream if sound else ""))
    return Call(caller, to, booth.directory, _start(booth, scenario, caller, to))


def watch(booth: Booth, watcher: Caller, lamp: str) -> "Watch":
    """Subscribe to the lamp of an extension or of a status key (RFC 4235), as a desk phone does."""
    booth.directory.mkdir(parents=True, exist_ok=True)
    scenario = _SCENARIO.with_name("watch.xml")
    return Watch(booth.directory, _start(booth, scenario, watcher, lamp))


def watch_messages(booth: Booth, watcher: Caller) -> "Watch":
    """Subscribe to the message lamp of one's own extension (RFC 3842), as a desk phone does."""
    booth.directory.mkdir(parents=True, exist_ok=True)
    scenario = booth.directory / "messages.xml"
    text = _SCENARIO.with_name("watch.xml").read_text()
    text = text.replace("application/dialog-info+xml", "application/simple-message-summary")
    scenario.write_text(text.replace("Event: dialog", "Event: message-summary"))
    return Watch(booth.directory, _start(booth, scenario, watcher, watcher.number))


def register(booth: Booth, phone: Caller) -> "Watch":
    """Register a phone that subscribes to nothing: Asterisk tells it of messages by itself."""
    booth.directory.mkdir(parents=True, exist_ok=True)
    scenario, answers = (_SCENARIO.with_name(f"{name}.xml") for name in ("register", "told"))
    process = _start(booth, scenario, phone, phone.number, "-oocsf", str(answers))
    return Watch(booth.directory, process)


@dataclass
class Watch:
    """A lamp that is being watched."""

    directory: Path
    process: subprocess.Popen[bytes]

    def states(self) -> list[str]:
        """What the lamp was told: terminated (dark), early (blinks) or confirmed (lit)."""
        return re.findall(r"<state>([a-z]+)</state>", self._told())

    def counts(self) -> list[str]:
        """What a message lamp was told: new and heard messages, such as ``1/0``."""
        return re.findall(r"^Voice-Message: ([0-9]+/[0-9]+)", self._told(), re.MULTILINE)

    def said(self) -> Sequence[Said]:
        """What went over the wire so far."""
        return read_messages(self.directory / "messages.csv")

    def _told(self) -> str:
        file = self.directory / "messages.txt"
        return file.read_text(errors="replace") if file.exists() else ""

    def stop(self) -> None:
        end(self.process, 0)


def _start(
    booth: Booth, scenario: Path, caller: Caller, to: str, *more: str
) -> subprocess.Popen[bytes]:
    directory = booth.directory
    short, whole = directory / "messages.csv", directory / "messages.txt"
    short.unlink(missing_ok=True)
    whole.unlink(missing_ok=True)
    words = [*more, "-sf", str(scenario), "-s", quote(to, safe="+*"), "-m", "1", "-nostdin"]
    words += ["-i", HOST, "-mi", HOST, "-p", str(free_port(udp=True)), "-t", "u1"]
    words += ["-min_rtp_port", str(free_port(udp=True)), "-skip_rlimit"]
    words += ["-key", "caller", caller.sip_from]
    words += ["-key", "trunk", "none" if caller.password else "outside"]
    words += ["-au", caller.number or "nobody", "-ap", caller.password or "none"]
    words += ["-trace_shortmsg", "-shortmessage_file", str(short)]
    words += ["-trace_msg", "-message_file", str(whole)]
    words += ["-timeout", str(_LONGEST_SECONDS), "-timeout_error", f"{HOST}:{booth.sip_port}"]
    with (directory / "sipp.log").open("wb") as log:
        return follow(booth.root.command("sipp", *words), output=log, directory=directory)


def read_messages(file: Path) -> list[Said]:
    """The conversation in a file of SIPp's ``-trace_shortmsg``."""
    if not file.exists():
        return []
    with file.open(newline="", errors="replace") as lines:
        return [said for row in csv.reader(lines, delimiter="\t") if (said := _said(row))]


def _said(row: list[str]) -> Said | None:
    if len(row) < _COLUMNS:
        return None
    at = datetime.fromtimestamp(float(row[2]), UTC)
    return Said(at, row[3] == "S", row[6].removeprefix("SIP/2.0 "))
