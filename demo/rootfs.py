"""A Debian root file system with Asterisk, phones and voices, kept in the user's cache folder."""

import contextlib
import hashlib
import os
import platform
import re
import shlex
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from demo.machine import as_root, cache_folder, needs
from demo.problem import Problem, told

SUITE = "sid"
"""The only Debian suite that ships Asterisk 22."""

PACKAGES = (
    "asterisk",
    "asterisk-core-sounds-en-wav",
    "asterisk-core-sounds-ru-wav",
    "asterisk-moh-opsound-wav",
    "baresip-core",
    "sip-tester",
    "festival",
    "festvox-ru",
    "festvox-kallpc16k",
)
_BYTES_NEEDED = 1_500_000_000
_LINES_EXPECTED = 870
"""About as many lines as debootstrap prints; only the progress bar depends on it."""

_PROGRAMS = {
    "asterisk": "usr/sbin/asterisk",
    "sipp": "usr/bin/sipp",
    "baresip": "usr/bin/baresip",
    "festival": "usr/bin/festival",
}
_LOADERS = {
    "x86_64": ("usr/lib64/ld-linux-x86-64.so.2", "x86_64-linux-gnu"),
    "aarch64": ("usr/lib/ld-linux-aarch64.so.1", "aarch64-linux-gnu"),
}
_NETWORK_SIGNS = ("Failed getting release", "Couldn't download", "resolve", "Invalid Release")


@dataclass(frozen=True, slots=True)
class Root:
    """The file system; its programs run through its own loader: no chroot, no privileges."""

    path: Path

    @property
    def libraries(self) -> Path:
        return self.path / "usr/lib" / _loader()[1]

    @property
    def modules(self) -> Path:
        """Where Asterisk's modules are."""
        return self.libraries / "asterisk/modules"

    @property
    def sounds(self) -> Path:
        return self.path / "usr/share/asterisk/sounds"

    def command(self, program: str, *arguments: str) -> list[str]:
        """The words that run one of its programs on this machine."""
        library_path = f"{self.libraries}:{self.libraries / 'pulseaudio'}"
        binary = self.path / _PROGRAMS[program]
        loader = self.path / _loader()[0]
        return [str(loader), "--library-path", library_path, str(binary), *arguments]

    def speech(self, voice: str) -> str:
        """The command that reads a text and writes a WAV file, with a voice of festival's."""
        library = self.path / "usr/share/festival"
        # Festival's own text2wave, which takes its folder of voices from nowhere else.
        run = f'(set! argv (list "-eval" "({voice})")) (load "{self.path}/usr/bin/text2wave")'
        command = self.command("festival", "--datadir", str(library), "--batch", f"(begin {run})")
        return shlex.join(command)


def _loader() -> tuple[str, str]:
    try:
        return _LOADERS[platform.machine()]
    except KeyError:
        raise Problem(f"Debian's Asterisk for {platform.machine()} was not tried here.") from None


def where() -> Path:
    """The folder of the root file system; another list of packages gets another folder."""
    names = " ".join((SUITE, platform.machine(), *PACKAGES))
    return cache_folder() / f"asterisk-{hashlib.sha256(names.encode()).hexdigest()[:12]}"


def get_root() -> Root:
    """The root file system, downloaded and installed on the first call (about a minute).

    Raises Problem: no root and no sudo, no network, a broken download, a full disk.
    """
    root = Root(where())
    if not root.path.is_dir():
        _build(root.path)
    return root


def _build(target: Path) -> None:
    free = shutil.disk_usage(target.parent).free
    if free < _BYTES_NEEDED:
        raise Problem(
            f"{target.parent} has {free / 1e9:.1f} GB free, and Asterisk needs "
            f"{_BYTES_NEEDED / 1e9:.1f} GB: make room, or set XDG_CACHE_HOME to another disk."
        )
    prefix = as_root("Getting Asterisk (once)")
    needs(
        {
            "debootstrap": "debootstrap",
            "debian-archive-keyring": "/usr/share/keyrings/debian-archive-keyring.gpg",
        }
    )
    _remove_leftovers(prefix, target.parent)
    partial = target.with_name(f"partial-{os.getpid()}")
    try:
        _debootstrap(prefix, partial)
        _prove(Root(partial))
        if not target.is_dir():
            partial.rename(target)
    finally:
        _remove(prefix, partial)


def _debootstrap(prefix: list[str], partial: Path) -> None:
    words = ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}"]
    path = f"PATH={os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    command = [*prefix, "env", path, "LC_ALL=C", *words, SUITE, str(partial)]
    log = partial.with_name("debootstrap.log")
    said = _run_with_progress(command, log, own_session=not prefix)
    if said is not None:
        raise Problem(_explained(said, log))
    log.unlink()
    for useless in ("var/cache/apt/archives", "var/lib/apt/lists"):
        subprocess.run([*prefix, "rm", "-rf", str(partial / useless)], check=True)
    if prefix:
        owner = f"{os.getuid()}:{os.getgid()}"
        subprocess.run([*prefix, "chown", "-R", owner, str(partial)], check=True)


def _run_with_progress(command: list[str], log: Path, *, own_session: bool) -> str | None:
    """Run debootstrap; None when it succeeded, otherwise what it said."""
    columns = (TextColumn("Asterisk"), BarColumn(), TextColumn("{task.description}"))
    with (
        Progress(*columns, TimeElapsedColumn(), console=Console()) as progress,
        log.open("w") as kept,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=own_session,
        ) as process,
    ):
        bar = progress.add_task("starting", total=_LINES_EXPECTED)
        try:
            for line in process.stdout or ():
                kept.write(line)
                progress.update(bar, advance=1, description=line.strip().removeprefix("I: ")[:50])
        except BaseException:
            _end(process, own_session=own_session)
            raise
    return None if process.returncode == 0 else log.read_text()


def _end(process: subprocess.Popen[str], *, own_session: bool) -> None:
    # Under sudo the terminal's Ctrl-C has reached debootstrap already, and we may not signal it.
    if own_session:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=15)
    if own_session:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _explained(said: str, log: Path) -> str:
    if "No space left" in said:
        return f"The disk of {log.parent} is full: make room and try again."
    if any(sign in said for sign in _NETWORK_SIGNS):
        return f"Debian's packages could not be downloaded; is there a network? (See {log}.)"
    errors = re.findall(r"^E: (.*)$|^W: (.*)$", said, re.MULTILINE)
    reason = next((part for pair in reversed(errors) for part in pair if part), "no reason given")
    return f"debootstrap failed: {reason} (See {log}.)"


def _prove(root: Root) -> None:
    arguments = {"asterisk": "-V", "sipp": "-v", "baresip": "-h"}
    for program in _PROGRAMS:
        command = root.command(program, arguments.get(program, "--version"))
        try:
            run = subprocess.run(command, check=False, capture_output=True, text=True)
        except OSError as error:
            raise Problem(f"The {program} that was downloaded does not run: {error}") from error
        if "error while loading" in run.stderr or run.returncode in {126, 127}:
            raise Problem(f"The {program} that was downloaded does not run: {run.stderr.strip()}")


def _remove_leftovers(prefix: list[str], folder: Path) -> None:
    for partial in folder.glob("partial-*"):
        if not Path("/proc", partial.name.removeprefix("partial-")).exists():
            _remove(prefix, partial)


def _remove(prefix: list[str], partial: Path) -> None:
    if not partial.exists():
        return
    for mounted in ("proc", "sys"):
        command = [*prefix, "umount", "-q", "-l", "-R", str(partial / mounted)]
        subprocess.run(command, check=False, capture_output=True)
    subprocess.run([*prefix, "rm", "-rf", "--one-file-system", str(partial)], check=False)


def main() -> None:
    told(lambda: print(get_root().path))


if __name__ == "__main__":
    main()
