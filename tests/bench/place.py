"""What the bench measures on: an Asterisk that logs nothing, a hundred phones, four ways in."""

import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from subprocess import Popen

from demo.asterisk import AsteriskInstance
from demo.configuration import REPOSITORY, Account, Office
from demo.ports import HOST, Ports, choose, free_port, is_free
from demo.problem import Problem
from demo.processes import end, follow
from demo.prompts import get_prompts
from demo.rootfs import Root, get_root

EXTENSIONS = tuple(str(number) for number in range(101, 201))
_SCENARIOS = Path(__file__).with_name("sipp")
_SILENT_LOG = "[general]\n[logfiles]\nmessages => warning,error\n"
_RTP_WIDTH = 8000
_QUIET_SECONDS = 5


class Way(Enum):
    """How a call finds its phone; the value is the prefix that is dialled for it."""

    PLAIN = "71"
    OURS = "72"
    MIRROR = "73"
    FASTAGI = "74"

    @property
    def label(self) -> str:
        return self.name.lower()


def dial_plan(agi_port: int) -> str:
    """The ways, as the simulated provider dials them: a prefix and the extension."""
    return f"""
[demo-from-trunk](+)
exten => _{Way.PLAIN.value}XXX,1,Dial(PJSIP/${{EXTEN:2}},25)
 same => n,Hangup()
exten => _{Way.OURS.value}XXX,1,Goto(autosecretary,${{EXTEN:2}},1)
exten => _{Way.MIRROR.value}XXX,1,Set(AS_ASK_MS=0)
 same => n,Goto(autosecretary,${{EXTEN:2}},1)
exten => _{Way.FASTAGI.value}XXX,1,AGI(agi://{HOST}:{agi_port}/bench)
 same => n,Dial(PJSIP/${{EXTEN:2}},25)
 same => n,Hangup()
"""


class SilentAsterisk(AsteriskInstance):
    """One that writes no log of calls, and has media ports for thousands of them."""

    def write(self) -> None:
        super().write()
        etc = self.directory / "etc"
        (etc / "logger.conf").write_text(_SILENT_LOG)
        options = (etc / "asterisk.conf").read_text()
        (etc / "asterisk.conf").write_text(re.sub(r"verbose = \d+", "verbose = 0", options))
        rtp = f"[general]\nrtpstart={self.ports.rtp}\nrtpend={self.ports.rtp + _RTP_WIDTH - 1}\n"
        (etc / "rtp.conf").write_text(rtp)


@dataclass(frozen=True, slots=True)
class Place:
    """Asterisk with its phones and the FastAGI script, all of them running."""

    directory: Path
    root: Root
    asterisk: AsteriskInstance

    @property
    def environment(self) -> Mapping[str, str]:
        """The service's settings."""
        return self.asterisk.service_environment()

    @property
    def ports(self) -> Ports:
        return self.asterisk.ports

    def wait_quiet(self, seconds: float = _QUIET_SECONDS) -> bool:
        """Let calls that are still on their way end; whether they have."""
        deadline = time.monotonic() + seconds
        while "0 active channels" not in self.asterisk.cli("core show channels count"):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.2)
        return True


@contextmanager
def opened(directory: Path) -> Iterator[Place]:
    """Everything but the service, started in `directory`, and ended afterwards."""
    root = get_root()
    directory.mkdir(parents=True, exist_ok=True)
    phones_port, agi_port = free_port(udp=True), free_port()
    contact = f"sip:{HOST}:{phones_port}"
    accounts = tuple(Account(extension, contact=contact) for extension in EXTENSIONS)
    office = Office(accounts, dial_plan(agi_port))
    ports = choose(directory / "ports.json")
    asterisk = SilentAsterisk(directory, ports, root, get_prompts(root), office)
    with ExitStack() as ending:
        for process in (_phones(root, directory, phones_port), _script(agi_port)):
            ending.callback(end, process)
        ending.callback(asterisk.stop)
        asterisk.start()
        asterisk.wait_ready()
        _wait_taken(phones_port, udp=True)
        _wait_taken(agi_port, udp=False)
        yield Place(directory, root, asterisk)


def _phones(root: Root, directory: Path, port: int) -> Popen[bytes]:
    words = ["-sf", str(_SCENARIOS / "phone.xml"), "-i", HOST, "-mi", HOST, "-p", str(port)]
    words += ["-nostdin", "-skip_rlimit", "-l", "5000", "-deadcall_wait", "0", "-recv_timeout"]
    return follow(root.command("sipp", *words, "20000"), directory=directory)


def _script(port: int) -> Popen[bytes]:
    return follow([sys.executable, "-m", "tests.bench.fastagi", str(port)], directory=REPOSITORY)


def _wait_taken(port: int, *, udp: bool) -> None:
    deadline = time.monotonic() + 10
    while is_free(port, udp=udp):
        if time.monotonic() > deadline:
            raise Problem(f"Nothing has come up at port {port}.")
        time.sleep(0.05)
