"""Looks at the folders that the service shares with Asterisk, and at what else the host has."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from ari_app.asterisk.recordings import recordings
from ari_app.explain import N_
from ari_app.findings import Finding
from ari_app.settings import Settings
from ari_app.sound.studio import has_engine

_LEFT = timedelta(minutes=10)
"""The longest message and the service's look after it are over by then."""


def examine_places(settings: Settings, now: datetime, say: Callable[[str], str]) -> list[Finding]:
    """Every point that concerns this host's files and programs."""
    return [
        _journal(settings, say),
        _greetings(settings.greetings, say),
        _engines(settings, say),
        _messages(settings.messages, now, say),
    ]


def _journal(settings: Settings, say: Callable[[str], str]) -> Finding:
    folder = settings.journal.parent
    is_well = folder.is_dir()
    return Finding(
        say(N_("journal file")),
        is_well,
        str(settings.journal),
        ""
        if is_well
        else say(
            N_("create the folder {folder} for Asterisk, or set AUTOSECRETARY_JOURNAL")
        ).format(folder=folder),
    )


def _greetings(folder: Path, say: Callable[[str], str]) -> Finding:
    place = folder if folder.is_dir() else folder.parent
    is_writable = place.is_dir() and _may_change(place)
    todo = N_("let the service write to {folder}, or set AUTOSECRETARY_GREETINGS")
    return Finding(
        say(N_("own greetings")),
        is_writable,
        str(folder),
        "" if is_writable else say(todo).format(folder=place),
        is_warning=True,
    )


def _engines(settings: Settings, say: Callable[[str], str]) -> Finding:
    engines = {"ru": settings.speech_ru, "en": settings.speech_en}
    missing = [language for language, command in engines.items() if not has_engine(command)]
    todo = N_("to have texts spoken: apt install festival festvox-ru festvox-kallpc16k")
    return Finding(
        say(N_("speech engine")),
        not missing,
        ", ".join(missing or engines),
        say(todo) if missing else "",
        is_warning=True,
    )


def _messages(folder: Path, now: datetime, say: Callable[[str], str]) -> Finding:
    """Asterisk makes the folder with the first message; until then there is nothing to look at."""
    shut = next((place for place in _boxes(folder) if not _may_change(place)), None)
    todo = ""
    if shut is not None:
        text = N_("let the service read and delete in {folder}, or set AUTOSECRETARY_MESSAGES")
        todo = say(text).format(folder=shut)
    elif left := sum(one.changed_at < now - _LEFT for one in recordings(folder)):
        text = N_("{count} recordings were not taken from here: the service's log says why")
        todo = say(text).format(count=left)
    return Finding(say(N_("messages")), not todo, str(folder), todo, is_warning=True)


def _boxes(folder: Path) -> list[Path]:
    """The folder and those in it."""
    if not folder.is_dir():
        return []
    boxes = [one for one in folder.iterdir() if one.is_dir()] if _may_change(folder) else []
    return [folder, *sorted(boxes)]


def _may_change(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.W_OK | os.X_OK)
