"""The step that takes a message: what is said before it, when it ends, and when it cannot be."""

import shutil
import wave
from pathlib import Path

from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.directory import Status
from tests.live.calls.cards import OUTSIDER, card, is_heard
from tests.live.phones import Phones, until
from tests.live.rig import Rig
from tests.live.sound import samples, speech_seconds
from tests.unit.people import directory

MAILBOX = 106
GREETING = "autosecretary/on-break"


def _box(rig: Rig) -> Path:
    box = rig.asterisk.directory / f"spool/autosecretary/messages/{MAILBOX}"
    shutil.rmtree(box, ignore_errors=True)
    box.unlink(missing_ok=True)
    box.parent.mkdir(parents=True, exist_ok=True)
    return box


def _answers_by_voicemail(rig: Rig) -> None:
    who = card(MAILBOX, Status.DO_NOT_DISTURB, has_voicemail=True, voicemail_greeting=GREETING)
    rig.directory = directory(who)


def _then_silence(prompts: Path, file: Path) -> Path:
    """A sentence, and half a minute of nothing."""
    with (
        wave.open(str(prompts / "en/autosecretary/away.wav")) as sentence,
        wave.open(str(file), "wb") as sound,
    ):
        sound.setparams(sentence.getparams())
        sound.writeframes(sentence.readframes(sentence.getnframes()))
        sound.writeframes(bytes(2 * 8000 * 30))
    return file


async def test_the_own_greeting_is_said_instead_of_the_usual_one_and_silence_ends_the_message(
    rig: Rig, phones: Phones, prompts: Path, tmp_path: Path
) -> None:
    box = _box(rig)
    _answers_by_voicemail(rig)
    says = tmp_path / "says.wav"
    greeting = samples(prompts / f"ru/{GREETING}.wav")
    with (
        wave.open(str(says), "wb") as quiet,
        wave.open(str(_then_silence(prompts, tmp_path / "one.wav"))) as one,
    ):
        quiet.setparams(one.getparams())
        # Whoever is polite waits for the tone.
        quiet.writeframes(bytes(2 * (len(greeting) + 8000 * 2)))
        quiet.writeframes(one.readframes(one.getnframes()))
    caller = await phones.outside(OUTSIDER, says=says)

    await caller.dial(str(MAILBOX))
    await until(lambda: caller.ended, 60)

    heard = caller.recorded()
    assert is_heard(heard, prompts / f"ru/{GREETING}.wav")
    assert not is_heard(heard, prompts / "ru/autosecretary/leave-message.wav")
    assert is_heard(heard, prompts / "ru/autosecretary/goodbye.wav")
    (message,) = box.glob("*.wav")
    said = samples(prompts / "en/autosecretary/away.wav")
    assert is_heard(message, prompts / "en/autosecretary/away.wav")
    assert len(samples(message)) < len(said) + 8000 * 5
    assert speech_seconds(samples(message)) > 1
    assert (Ending.MESSAGE,) == (await rig.way(OUTSIDER)).endings


async def test_a_message_that_cannot_be_written_lets_the_call_go_on(
    rig: Rig, phones: Phones, prompts: Path
) -> None:
    box = _box(rig)
    box.write_text("a file where the folder should be")
    _answers_by_voicemail(rig)
    caller = await phones.outside(OUTSIDER)
    try:
        await caller.dial(str(MAILBOX))
        await until(lambda: caller.ended, 40)
        way = await rig.way(OUTSIDER)
    finally:
        box.unlink()

    assert [("106v", "message", Outcome.FAILED), ("106e", "hangup", None)] == way.steps
    assert is_heard(caller.recorded(), prompts / "ru/autosecretary/unavailable.wav")
