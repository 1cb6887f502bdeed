"""Ports on 127.0.0.1 for one private Asterisk and all that belongs to it."""

import dataclasses
import json
import random
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
_RTP_WIDTH = 1000
_OUTSIDE_WIDTH = 10
_UDP = frozenset({"sip", "trunk", "rtp"})


@dataclass(frozen=True, slots=True)
class Ports:
    """One port for each purpose.

    `rtp` is the first of a thousand; the outside world answers at `trunk`, and calls from there
    or from one of the nine ports after it.
    """

    sip: int
    trunk: int
    rtp: int
    http: int
    ami: int
    agi: int
    metrics: int
    panel: int
    mail: int
    mailbox: int

    @property
    def outside(self) -> range:
        """The ports by which Asterisk knows the outside world."""
        return range(self.trunk, self.trunk + _OUTSIDE_WIDTH)

    @property
    def rtp_end(self) -> int:
        return self.rtp + _RTP_WIDTH - 1


def is_free(port: int, *, udp: bool) -> bool:
    """Whether nobody listens on this port of 127.0.0.1."""
    kind = socket.SOCK_DGRAM if udp else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as probe:
        if not udp:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def taken(ports: Ports) -> dict[str, int]:
    """Those that somebody else uses, by purpose."""
    every: dict[str, int] = dataclasses.asdict(ports)
    return {name: port for name, port in every.items() if not is_free(port, udp=name in _UDP)}


def choose(kept: Path, **wanted: int) -> Ports:
    """The ports in the file `kept` as far as they are still free, others where they are not.

    `wanted` are taken as they are. The file is written anew.
    """
    before = json.loads(kept.read_text()) if kept.exists() else {}
    ports = dataclasses.replace(_free_ports(), **before)
    free = dataclasses.asdict(_free_ports())
    busy = taken(ports)
    ports = dataclasses.replace(ports, **{name: free[name] for name in busy}, **wanted)
    kept.write_text(json.dumps(dataclasses.asdict(ports), indent=2) + "\n")
    return ports


def _free_ports() -> Ports:
    blocks = {"rtp", "trunk"}
    names = [field.name for field in dataclasses.fields(Ports) if field.name not in blocks]
    with ExitStack() as held:
        chosen = {name: _held_port(held, udp=name in _UDP) for name in names}
    rtp, outside = _block_starts()
    return Ports(rtp=rtp, trunk=outside, **chosen)


def _held_port(held: ExitStack, *, udp: bool) -> int:
    kind = socket.SOCK_DGRAM if udp else socket.SOCK_STREAM
    probe = held.enter_context(socket.socket(socket.AF_INET, kind))
    probe.bind((HOST, 0))
    port: int = probe.getsockname()[1]
    return port


def _block_starts() -> list[int]:
    # Below the range from which Linux gives out ports by itself (32768 and above).
    starts = list(range(10_000, 32_000, _RTP_WIDTH))
    random.shuffle(starts)
    free = (start for start in starts if is_free(start, udp=True))
    return [next(free), next(free)]


def free_port(*, udp: bool = False) -> int:
    """Any port that is free now."""
    with ExitStack() as held:
        return _held_port(held, udp=udp)
