"""WAV files as MP3, which every phone plays; made in a process of its own."""

from ari_app.sound import process
from ari_app.sound.errors import Fault, SoundError

_SECONDS = 60.0


async def as_mp3(wav: bytes) -> bytes:
    """The same sound as MP3. Raises SoundError, OSError."""
    status, made = await process.run(process.own("ari_app.sound.mp3_maker"), wav, _SECONDS)
    if status != 0 or not made:
        raise SoundError(Fault.BROKEN, f"MP3: {status}")
    return made
