"""A private Asterisk: its folder, its secrets, its life."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from demo.configuration import Office, Place, write
from demo.ports import HOST, Ports
from demo.problem import Problem
from demo.processes import follow
from demo.rootfs import Root

START_SECONDS = 30
STOP_SECONDS = 10


@dataclass
class AsteriskInstance:
    """One Asterisk of our own in `directory`, on `ports`; `prompts` has a folder per language.

    A second instance on the same directory keeps secrets, accounts and AstDB.
    """

    directory: Path
    ports: Ports
    root: Root
    prompts: Path
    office: Office = field(default_factory=Office)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.directory = self.directory.resolve()
        self.directory.mkdir(parents=True, exist_ok=True)
        names = [account.extension for account in self.office.accounts]
        self.secrets = kept_secrets(self.directory / "secrets.json", ["ari", "manager", *names])

    def write(self) -> None:
        """Write the configuration; `start` does so too."""
        place = Place(self.directory, self.ports, self.root, self.prompts)
        write(place, self.office, self.secrets)

    def start(self) -> None:
        """Start Asterisk; `wait_ready` says when it can be called."""
        self.write()
        with (self.directory / "log/console").open("ab") as console:
            command = self.root.command("asterisk", "-C", self._conf, "-f", "-n", "-q")
            self._process = follow(_with_known_hostname(command), output=console)

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        """Return when everything is loaded. Raises Problem when it dies or takes longer."""
        deadline = time.monotonic() + seconds
        while "fully booted" not in self.cli("core waitfullybooted"):
            if not self.is_running:
                raise Problem(f"Asterisk ended while starting: see {self.directory}/log.")
            if time.monotonic() > deadline:
                raise Problem(f"Asterisk was not ready after {seconds} s: see its log.")
            time.sleep(0.1)

    def stop(self) -> None:
        """End it, kindly and then by force; nothing of it runs afterwards."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGCONT)
        self.cli("core stop now")
        self.kill() if not self._ends_within(STOP_SECONDS) else None
        self._process = None

    def kill(self) -> None:
        """SIGKILL, as in a power cut."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def restart(self) -> None:
        self.stop()
        self.start()
        self.wait_ready()

    def pause(self) -> None:
        """Freeze it (SIGSTOP)."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        if self._process is None:
            raise Problem("Asterisk is not running.")
        return self._process.pid

    def cli(self, text: str) -> str:
        """What Asterisk answers to a command of its console; empty when it does not."""
        command = self.root.command("asterisk", "-C", self._conf, "-n", "-rx", text)
        try:
            run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=20)
        except subprocess.TimeoutExpired:
            return ""
        return run.stdout if run.returncode == 0 else ""

    def log_text(self) -> str:
        """Notices, warnings and errors so far."""
        file = self.directory / "log/messages"
        return file.read_text(errors="replace") if file.exists() else ""

    def service_environment(self) -> dict[str, str]:
        """The settings with which the service finds this Asterisk and its own database."""
        values: dict[str, object] = {
            "ari_url": f"http://{HOST}:{self.ports.http}",
            "ari_user": "autosecretary",
            "ari_password": self.secrets["ari"],
            "ami_host": HOST,
            "ami_port": self.ports.ami,
            "ami_user": "autosecretary",
            "ami_password": self.secrets["manager"],
            "agi_host": HOST,
            "agi_port": self.ports.agi,
            "metrics_host": HOST,
            "metrics_port": self.ports.metrics,
            "panel_host": HOST,
            "panel_port": self.ports.panel,
            "panel_url": f"http://{HOST}:{self.ports.panel}",
            "key_file": self.directory / "autosecretary.key",
            "journal": self.directory / "log/cel-custom/autosecretary.csv",
            "messages": self.directory / "spool/autosecretary/messages",
            "mailboxes": self.directory / "spool/voicemail/autosecretary",
            "greetings": self.directory / "share/sounds/autosecretary-own",
            "speech_ru": self.root.speech("voice_msu_ru_nsh_clunits"),
            "speech_en": self.root.speech("voice_kal_diphone"),
            "database_url": f"sqlite+aiosqlite:///{self.directory}/autosecretary.sqlite3",
        }
        return {f"AUTOSECRETARY_{name.upper()}": str(value) for name, value in values.items()}

    @property
    def _conf(self) -> str:
        return str(self.directory / "etc/asterisk.conf")

    def _ends_within(self, seconds: float) -> bool:
        if self._process is None:
            return True
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=seconds)
        return self._process.poll() is not None


def kept_secrets(file: Path, names: Iterable[str]) -> dict[str, str]:
    """A password for each name, made once and kept in `file`, which only its owner may read."""
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    known |= {name: secrets.token_urlsafe(18) for name in names if name not in known}
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as kept:
        json.dump(known, kept, indent=2)
    return known


def hostname_is_known(hosts: Path = Path("/etc/hosts")) -> bool:
    """Whether /etc/hosts names this machine: PJSIP waits 5 s for DNS in each call if not."""
    lines = (line.partition("#")[0].split() for line in hosts.read_text().splitlines())
    return os.uname().nodename in {name for line in lines for name in line[1:]}


def _with_known_hostname(command: list[str]) -> list[str]:
    if hostname_is_known():
        return command
    name_it = 'echo localhost > /proc/sys/kernel/hostname && exec "$@"'
    for unshare in (["unshare", "--uts"], ["unshare", "--map-root-user", "--uts"]):
        own = [*unshare, "sh", "-c", name_it, "sh"]
        tried = shutil.which("unshare") and subprocess.run(
            [*own, "true"], check=False, capture_output=True
        )
        if tried and tried.returncode == 0:
            return [*own, *command]
    name = os.uname().nodename
    raise Problem(f"/etc/hosts does not name this machine: add the line '127.0.1.1 {name}' to it.")
