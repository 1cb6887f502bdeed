"""What the softphone baresip reads and writes: configuration, account, trace of its calls."""

import re
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from demo.ports import HOST
from demo.rootfs import Root

_CONFIGURATION = """\
poll_method epoll
sip_listen {host}:{sip_port}
call_local_timeout 3600
call_max_calls 4
call_hold_other_calls no
net_interface 127.0.0.1
module_path {modules}
module g711.so
module uuid.so
module aufile.so
module sndfile.so
snd_path {recordings}
module_app account.so
module_app contact.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen {host}:{control_port}
audio_path {directory}
audio_player aufile,{directory}/heard.wav
audio_source aufile,{says}
audio_alert aufile,{directory}/alert.wav
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
"""


@dataclass(frozen=True, slots=True)
class Invite:
    """A call as it came over the wire: the number it was sent to, and its headers."""

    number: str
    headers: Mapping[str, str]

    @property
    def call_id(self) -> str:
        return self.headers.get("Call-ID", "")


@dataclass(frozen=True, slots=True)
class Line:
    """Where a phone registers and as whom; without a password it takes what comes (a trunk)."""

    name: str
    password: str
    server_port: int
    own_port: int = 0

    def account(self) -> str:
        head = f"<sip:{self.name}@{HOST}:{self.server_port};transport=udp>"
        common = ";answermode=manual;audio_codecs=PCMU/8000/1;dtmfmode=rtpevent"
        if not self.password:
            return f"{head};regint=0;catchall=yes{common}"
        auth = f";auth_user={self.name};auth_pass={self.password};regint=120"
        return f"{head}{auth}{common}"


def configuration(root: Root, directory: Path, says: Path, line: Line, control_port: int) -> str:
    """The text of baresip's file `config`; `says` is what the phone speaks into every call."""
    return _CONFIGURATION.format(
        host=HOST,
        sip_port=line.own_port,
        control_port=control_port,
        modules=root.path / "usr/lib/baresip/modules",
        directory=directory,
        recordings=directory / "recordings",
        says=says.resolve(),
    )


def received_invites(log: str) -> list[Invite]:
    """The INVITEs in a log of baresip's SIP trace, each call once, without re-INVITEs."""
    found: dict[str, Invite] = {}
    for start in re.finditer(r"^INVITE sip:([^@ ]+)@\S+ SIP/2.0\r?$", log, re.MULTILINE):
        head = log[start.end() :].lstrip("\r\n").replace("\r", "").partition("\n\n")[0]
        pairs = (line.partition(":") for line in head.splitlines())
        headers = {name.strip(): value.strip() for name, _, value in pairs}
        found.setdefault(headers.get("Call-ID", ""), Invite(start[1], headers))
    return list(found.values())


def silence(directory: Path) -> Path:
    """A sound file of a minute of silence."""
    file = directory / "silence.wav"
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(2 * 8000 * 60))
    return file
