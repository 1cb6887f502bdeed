"""What the demo's caller says, so that messages have something in them."""

from io import BytesIO
from pathlib import Path

import av

from demo.prompts import Speech, speak
from demo.rootfs import Root

_SENTENCE = "Здравствуйте! Перезвоните мне, пожалуйста, когда вернётесь. Спасибо, до свидания."
_SILENCE = b"\xff" * 8000
"""A second of G.711's silence (µ-law)."""
_PAUSE_SECONDS = 4
"""About as long as the sentence before a message's signal takes."""


def caller_voice(root: Root, folder: Path) -> Path:
    """The sentence as raw G.711 µ-law after a pause; made once. Raises Problem."""
    voice = folder / "caller.ulaw"
    if not voice.exists():
        folder.mkdir(parents=True, exist_ok=True)
        speak(root, Speech("ru", "voice_msu_ru_nsh_clunits", {"caller": _SENTENCE}), folder)
        voice.write_bytes(_SILENCE * _PAUSE_SECONDS + _mu_law(folder / "caller.wav") + _SILENCE)
    return voice


def _mu_law(wav: Path) -> bytes:
    made = BytesIO()
    with av.open(str(wav)) as source, av.open(made, "w", format="mulaw") as target:
        track = target.add_stream("pcm_mulaw", rate=8000, layout="mono")
        for frame in source.decode(audio=0):
            target.mux(track.encode(frame))
        target.mux(track.encode(None))
    return made.getvalue()
