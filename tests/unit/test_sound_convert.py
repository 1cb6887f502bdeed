"""Sound files of anybody, made fit for Asterisk in a process of its own."""

import asyncio
import os
from pathlib import Path

import numpy as np
import pytest

from ari_app.domain.greetings import Sound
from ari_app.sound.errors import Fault, SoundError
from ari_app.sound.limits import MOST_BYTES
from ari_app.sound.process import environment, own, run
from ari_app.sound.studio import Studio
from demo.waiting import until
from tests.unit.sounds import EACH, KINDS, PATTERN, encoded, endless_flac, form, loudest_hertz, tone

HLS = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
CONCAT = b"ffconcat version 1.0\nfile '/usr/share/sounds/alsa/Front_Center.wav'\n"
SDP = b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nc=IN IP4 127.0.0.1\r\nm=audio 5004 RTP/AVP 0\r\n"


async def _fault(raw: bytes, longest: float = 120) -> Fault:
    with pytest.raises(SoundError) as refused:
        await Studio().convert(raw, longest)
    return refused.value.fault


async def _made_or_fault(raw: bytes) -> Sound | Fault:
    try:
        return await Studio().convert(raw)
    except SoundError as error:
        return error.fault


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_becomes_what_asterisk_plays_with_its_tones(kind: str) -> None:
    made = await Studio().convert(encoded(kind))
    assert form(made.wav) == (8000, 1, 16)
    assert abs(made.milliseconds - 1000 * EACH * len(PATTERN)) < 100
    for place, hertz in enumerate(PATTERN):
        heard = loudest_hertz(made.wav, (place + 0.3) * EACH, (place + 0.7) * EACH)
        assert abs(heard - hertz) < 10, f"{kind}: {heard} Hz, not {hertz}"


async def test_quiet_and_loud_ones_become_equally_loud() -> None:
    levels = []
    for level in (0.02, 0.9):
        samples = tone(700, 2, 48000, level)
        made = await Studio().convert(encoded("wav", samples))
        heard = np.frombuffer(made.wav[44:], dtype="<i2").astype(float)
        levels.append(float(np.sqrt((heard**2).mean())))
        assert np.abs(heard).max() < 32000
    assert abs(levels[0] / levels[1] - 1) < 0.1


async def test_the_same_file_has_the_same_fingerprint() -> None:
    raw = encoded("ogg")
    first, second = await Studio().convert(raw), await Studio().convert(raw)
    assert first.fingerprint == second.fingerprint


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0",
        b"Hello, this is a text file.\n" * 400,
        b"<!doctype html><script>alert(1)</script>" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"PK\x03\x04" + bytes(4000),
        b"\x89PNG\r\n\x1a\n" + bytes(4000),
        HLS,
        CONCAT,
        SDP,
        b"#EXTM3U\nhttp://127.0.0.1:9/secret.mp3\n",
        os.urandom(20_000),
    ],
)
async def test_what_is_not_sound_is_refused(raw: bytes) -> None:
    assert await _fault(raw) in {Fault.NOT_AUDIO, Fault.BROKEN}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_file_cut_off_anywhere_is_played_or_refused_and_nothing_else(kind: str) -> None:
    raw = encoded(kind)
    for part in (0.03, 0.5, 0.97):
        made = await _made_or_fault(raw[: round(len(raw) * part)])
        if isinstance(made, Fault):
            assert made in {Fault.NOT_AUDIO, Fault.BROKEN, Fault.SILENT}
        else:
            assert made.milliseconds <= 1000 * EACH * len(PATTERN) + 100


async def test_silence_is_refused() -> None:
    assert Fault.SILENT is await _fault(encoded("wav", tone(700, 2, 48000, 0.0)))


async def test_a_second_more_than_the_limit_is_too_long() -> None:
    raw = encoded("wav", tone(700, 3, 48000))
    assert Fault.TOO_LONG is await _fault(raw, 2)
    assert abs((await Studio().convert(raw, 4)).milliseconds - 3000) < 50


async def test_ten_hours_in_a_small_file_stop_at_the_limit() -> None:
    raw = endless_flac(10)
    assert len(raw) < MOST_BYTES
    assert Fault.TOO_LONG is await _fault(raw)


async def test_more_than_twenty_megabytes_are_not_even_looked_at() -> None:
    assert Fault.TOO_LARGE is await _fault(bytes(MOST_BYTES + 1))


async def test_other_programs_do_not_see_our_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOSECRETARY_ARI_PASSWORD", "secret")
    assert not [name for name in environment() if name.startswith("AUTOSECRETARY")]


async def test_a_program_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    with pytest.raises(SoundError) as refused:
        await run(["sh", "-c", f"sleep 60 & echo $! > {noted}; wait"], b"", 0.5)
    assert refused.value.fault is Fault.BUSY
    assert not _is_alive(int(noted.read_text()))


async def test_whoever_stops_waiting_stops_the_program(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    script = f"import os, time; open({str(noted)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    task = asyncio.ensure_future(run(["python3", "-c", script], b"", 60))  # noqa: TID251
    await until(lambda: noted.exists() and noted.read_text() != "")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not _is_alive(int(noted.read_text()))


async def test_a_converter_that_is_killed_says_broken() -> None:
    status, wrote = await run(own("ari_app.sound.limited", "sh", "-c", "kill -9 $$"), b"", 20)
    assert (status, wrote) == (-9, b"")


def _is_alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"
