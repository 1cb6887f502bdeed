"""Every spoken sentence, made with festival's voices from asterisk-config/prompts."""

import argparse
import hashlib
import os
import shutil
import subprocess
import tomllib
import wave
from array import array
from dataclasses import dataclass
from pathlib import Path

from rich.progress import Progress

from demo.configuration import REPOSITORY
from demo.machine import cache_folder
from demo.problem import Problem, told
from demo.rootfs import Root, get_root

SENTENCES = REPOSITORY / "asterisk-config/prompts/sentences.toml"
RECORDED = {"en": "en_US_f_Allison", "ru": "ru_RU_f_IvrvoiceRU"}
"""Debian's folder with each language's own sounds; it makes no folder `ru` by itself."""

_SHORTEST_SECONDS = 0.3
_QUIETEST_PEAK = 3000
_RATE = 8000

# `Utterance` is a macro that quotes its argument, hence the eval.
_SCHEME = """
(define (say text file)
  (let ((u (eval (list 'Utterance 'Text text))))
    (utt.synth u)
    (utt.wave.resample u 8000)
    (utt.wave.rescale u 0.8 t)
    (utt.save.wave u file 'riff)
    (format t "said\\n")
    (fflush nil)))
"""


@dataclass(frozen=True, slots=True)
class Speech:
    """What is said in one language: the voice, and name → text."""

    language: str
    voice: str
    texts: dict[str, str]


def speeches(file: Path = SENTENCES) -> list[Speech]:
    """All languages of the file of sentences, with hours and minutes under names of their own."""
    found = []
    for language, part in tomllib.loads(file.read_text()).items():
        texts: dict[str, str] = dict(part["sentences"])
        for unit in ("hour", "minute"):
            texts |= {f"{unit}-{number}": text for number, text in enumerate(part[unit])}
        found.append(Speech(language, part["voice"], texts))
    return found


def get_prompts(root: Root) -> Path:
    """The folder with a folder of sounds per language: Asterisk's own, and ``autosecretary/``.

    Made on the first call, kept in the cache. Raises Problem when a voice fails.
    """
    content = f"{SENTENCES.read_text()}{_SCHEME}{root.path}"
    folder = cache_folder() / f"prompts-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
    if not folder.is_dir():
        _make(root, folder)
    return folder


def _make(root: Root, folder: Path) -> None:
    partial = folder.with_name(f"partial-prompts-{os.getpid()}")
    try:
        for speech in speeches():
            own = partial / speech.language
            (own / "autosecretary").mkdir(parents=True)
            for sound in (root.sounds / RECORDED[speech.language]).iterdir():
                (own / sound.name).symlink_to(sound)
            speak(root, speech, own / "autosecretary")
        if not folder.is_dir():
            partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def speak(root: Root, speech: Speech, folder: Path) -> None:
    """Speak every text into a file of its name in `folder`. Raises Problem."""
    lines = [f"({speech.voice})", _SCHEME]
    lines += [f"(say {_quoted(t)} {_quoted(_file(folder, n))})" for n, t in speech.texts.items()]
    script = folder / "script.scm"
    script.write_text("\n".join(lines))
    library = str(root.path / "usr/share/festival")
    command = root.command("festival", "--datadir", library, "--batch", str(script))
    with (
        Progress() as progress,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as festival,
    ):
        bar = progress.add_task(f"Prompts ({speech.language})", total=len(speech.texts))
        said = []
        for line in festival.stdout or ():
            said.append(line)
            progress.update(bar, advance=line.count("said"))
    script.unlink()
    if festival.returncode != 0:
        raise Problem(f"The voice {speech.voice} failed: {''.join(said[-3:]).strip()}")
    for name in speech.texts:
        check(_file(folder, name))


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.wav"


def _quoted(text: str | Path) -> str:
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def check(file: Path) -> None:
    """Raises Problem for a sound that Asterisk would not play as speech."""
    if not file.exists():
        raise Problem(f"{file.name} was not made.")
    with wave.open(str(file)) as sound:
        form = (sound.getframerate(), sound.getnchannels(), sound.getsampwidth())
        samples = array("h", sound.readframes(sound.getnframes()))
    if form != (_RATE, 1, 2):
        raise Problem(f"{file.name} is not 8 kHz mono 16 bit.")
    if len(samples) < _SHORTEST_SECONDS * _RATE or max(map(abs, samples)) < _QUIETEST_PEAK:
        raise Problem(f"{file.name} is empty or silent.")


def copy_to(destination: Path) -> None:
    """Put the prompts where an administrator's Asterisk finds them: LANGUAGE/autosecretary/."""
    prompts = get_prompts(get_root())
    for language in prompts.iterdir():
        target = destination / language.name / "autosecretary"
        shutil.copytree(language / "autosecretary", target, dirs_exist_ok=True)
        print(target)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the spoken sentences")
    parser.add_argument("destination", type=Path, help="Asterisk's folder of sounds")
    told(lambda: copy_to(parser.parse_args().destination))


if __name__ == "__main__":
    main()
