"""A real SIP phone: a baresip process of its own, told beforehand what to do with calls."""

import asyncio
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Self

from demo.baresip import Invite, Line, configuration, received_invites, silence
from demo.control import Control, Event, connect
from demo.ports import HOST, free_port
from demo.processes import end, follow
from demo.rootfs import Root
from demo.waiting import until


class State(Enum):
    """What a phone shows on its display."""

    IDLE = "idle"
    CALLING = "calling"
    RINGING = "ringing"
    TALKING = "talking"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a phone does with a call: answer after so many seconds, decline, or just ring."""

    answer_after: float | None = None
    declines: bool = False
    presses: str = ""


@dataclass
class Phone:
    """One phone. What it does with calls is said beforehand: `answers`, `declines`, `rings_only`.

    With `to`, what is said holds for calls to that number only (of use for the outside world).
    `says` is the sound file (8 kHz mono 16 bit) that it speaks into every call.
    """

    line: Line
    root: Root
    directory: Path
    says: Path | None = None
    state: State = field(default=State.IDLE, init=False)
    callers: list[str] = field(default_factory=list, init=False)
    """The number that each incoming call showed, in the order they came."""
    ended: list[str] = field(default_factory=list, init=False)
    """How each call ended, as the phone was told ("486 Busy Here"), in the order they ended."""
    digits: str = field(default="", init=False)
    """The DTMF digits heard."""
    is_registered: bool = field(default=False, init=False)
    _behaviours: dict[str, Behaviour] = field(default_factory=dict, init=False)
    _calls: dict[str, State] = field(default_factory=dict, init=False)
    _control: Control | None = field(default=None, init=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start the phone; it is registered when this returns, if it has a password."""
        shutil.rmtree(self.directory, ignore_errors=True)
        (self.directory / "recordings").mkdir(parents=True)
        control_port = free_port()
        sound = self.says or silence(self.directory)
        (self.directory / "config").write_text(
            configuration(self.root, self.directory, sound, self.line, control_port)
        )
        # The account comes over the control socket, so that no event of it is missed.
        (self.directory / "accounts").touch()
        command = self.root.command("baresip", "-s", "-f", str(self.directory))
        with (self.directory / "log").open("wb") as log:
            self._process = follow(command, output=log)
        try:
            self._control = await connect(control_port, self._happened)
            await self._sign_in()
        except BaseException:
            self.unplug()
            raise

    async def stop(self) -> None:
        """Unregister, and end the phone."""
        with suppress(TimeoutError, RuntimeError):
            await self.unregister(2)
        self.unplug()
        await asyncio.sleep(0)  # the connection's end is told in the loop's next round

    def unplug(self) -> None:
        """End the phone as if its plug were pulled: nothing is unregistered or hung up."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            end(self._process, 0)
        self.state, self._control, self._process = State.IDLE, None, None
        self.is_registered = False
        self._calls.clear()

    def answers(self, after: float = 0, *, to: str = "", presses: str = "") -> None:
        """From now on, answer after so many seconds of ringing, then send `presses` by DTMF."""
        self._behaviours[to] = Behaviour(answer_after=after, presses=presses)

    def declines(self, *, to: str = "") -> None:
        """From now on, refuse each call at once (486), as the red button does."""
        self._behaviours[to] = Behaviour(declines=True)

    def is_busy(self, *, to: str = "") -> None:
        """From now on, be engaged (486)."""
        self.declines(to=to)

    def rings_only(self, *, to: str = "") -> None:
        """From now on, let each call ring."""
        self._behaviours[to] = Behaviour()

    async def dial(self, number: str) -> None:
        self._send("dial", f"sip:{number}@{HOST}:{self.line.server_port}")
        await until(lambda: self.state is not State.IDLE or self.ended, what="dialling")

    def hang_up(self) -> None:
        """End whatever call there is."""
        self._send("hangup")

    def answer(self) -> None:
        """Pick up the call that rings now."""
        self._send("accept")

    async def send_dtmf(self, digits: str) -> None:
        for digit in digits:
            self._send("sndcode", digit)
            await asyncio.sleep(0.2)
            self._send("sndcode", "\x04")
            await asyncio.sleep(0.1)

    async def until(self, state: str, seconds: float = 10) -> None:
        """Wait for "idle", "calling", "ringing" or "talking"."""
        wanted = State(state)
        what = f"{self.line.name} {state}, and it is {self.state.value}; ended: {self.ended}"
        await until(lambda: self.state is wanted, seconds, what)

    async def register(self) -> None:
        self._send("uanew", self.line.account())
        await until(lambda: self.is_registered, 10, f"{self.line.name} registered")

    async def unregister(self, seconds: float = 10) -> None:
        self._send("uadelall")
        what = f"{self.line.name} unregistered"
        await until(lambda: not self.is_registered, seconds, what)

    def recorded(self) -> Path:
        """The sound file of what the last call let this phone hear."""
        files = sorted((self.directory / "recordings").glob("*dec*.wav"))
        if not files:
            raise FileNotFoundError(f"{self.line.name} heard nothing")
        return files[-1]

    def invites(self) -> list[Invite]:
        """The calls that came in, as they stood on the wire, oldest first."""
        return received_invites((self.directory / "log").read_text(errors="replace"))

    async def _sign_in(self) -> None:
        if self.line.password:
            await self.register()
        else:
            self._send("uanew", self.line.account())

    def _send(self, command: str, parameters: str = "") -> None:
        if self._control is None:
            raise RuntimeError(f"the phone {self.line.name} is off")
        self._control.send(command, parameters)

    def _happened(self, event: Event) -> None:
        match event.type:
            case "REGISTER_OK":
                self.is_registered = True
            case "UNREGISTERING" | "REGISTER_FAIL":
                self.is_registered = False
            case "CALL_INCOMING":
                self._calls[event.id] = State.RINGING
                self.callers.append(event.peer)
                self._decide(event.id)
            case "CALL_OUTGOING" | "CALL_RINGING" | "CALL_PROGRESS":
                self._calls.setdefault(event.id, State.CALLING)
            case "CALL_ESTABLISHED":
                self._calls[event.id] = State.TALKING
                self._press(event.id, self._behaviour(event.id).presses)
            case "CALL_DTMF_START":
                self.digits += event.text
            case "CALL_CLOSED":
                self._calls.pop(event.id, None)
                self.ended.append(event.text)
            case _:
                pass
        states = set(self._calls.values())
        order = (State.TALKING, State.RINGING, State.CALLING)
        self.state = next((state for state in order if state in states), State.IDLE)

    def _decide(self, call: str) -> None:
        behaviour = self._behaviour(call)
        if behaviour.declines:
            self._send("hangup")
        elif behaviour.answer_after is not None:
            later = asyncio.get_running_loop().call_later
            later(behaviour.answer_after, self._answer_if_ringing, call)

    def _behaviour(self, call: str) -> Behaviour:
        usual = self._behaviours.get("", Behaviour())
        if not self._behaviours.keys() - {""}:
            return usual
        number = next((one.number for one in self.invites() if one.call_id == call), "")
        return self._behaviours.get(number, usual)

    def _answer_if_ringing(self, call: str) -> None:
        if self._calls.get(call) is State.RINGING and self._control is not None:
            self._send("accept")

    def _press(self, call: str, digits: str) -> None:
        if not digits or self._control is None or self._calls.get(call) is not State.TALKING:
            return
        self._send("sndcode", digits[0])
        self._send("sndcode", "\x04")
        asyncio.get_running_loop().call_later(1, self._press, call, digits[1:])
