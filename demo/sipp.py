"""Calls by SIPp, a SIP phone for one call: from an employee's extension or from outside."""

import csv
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
    root: Root,
    directory: Path,
    sip_port: int,
    caller: Caller,
    to: str,
    *,
    talk_seconds: float = 3,
    sound: Path | None = None,
) -> Call:
    """Call `to` now. `sound` (raw G.711 u-law) is what the caller says."""
    directory.mkdir(parents=True, exist_ok=True)
    scenario = directory / "caller.xml"
    stream = f'<nop><action><exec rtp_stream="{sound},1,0,PCMU/8000"/></action></nop>'
    text = _SCENARIO.read_text().replace("@TALK_MS@", str(round(talk_seconds * 1000)))
    scenario.write_text(text.replace("@SOUND@", stream if sound else ""))
    (directory / "messages.csv").unlink(missing_ok=True)
    where = f"{HOST}:{sip_port}"
    words = ["-sf", str(scenario), "-s", quote(to, safe="+*"), "-m", "1", "-nostdin"]
    words += ["-i", HOST, "-mi", HOST, "-p", str(free_port(udp=True)), "-t", "u1"]
    words += ["-min_rtp_port", str(free_port(udp=True)), "-skip_rlimit"]
    words += ["-key", "caller", caller.sip_from]
    words += ["-key", "trunk", "none" if caller.password else "outside"]
    words += ["-au", caller.number or "nobody", "-ap", caller.password or "none"]
    words += ["-trace_shortmsg", "-shortmessage_file", str(directory / "messages.csv")]
    words += ["-timeout", str(_LONGEST_SECONDS), "-timeout_error"]
    with (directory / "sipp.log").open("wb") as log:
        process = follow(root.command("sipp", *words, where), output=log, directory=directory)
    return Call(caller, to, directory, process)


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
