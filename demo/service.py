"""The service as a process of its own, as an administrator would start it."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from demo.configuration import REPOSITORY
from demo.ports import HOST
from demo.problem import Problem
from demo.processes import end, follow

READY_SECONDS = 30


def autosecretary(environment: Mapping[str, str], *words: str) -> str:
    """Run the product's command line; its output. Raises Problem with what it complained of."""
    run = subprocess.run(
        [sys.executable, "-m", "ari_app", *words],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        cwd=REPOSITORY,
    )
    if run.returncode != 0:
        said = (run.stderr.strip() or run.stdout.strip()).splitlines()
        raise Problem(f"autosecretary {' '.join(words)} failed: {' '.join(said[-1:])}")
    return run.stdout


@dataclass
class ServiceProcess:
    """``autosecretary serve`` with these settings, its output in `log`."""

    environment: Mapping[str, str]
    log: Path
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    def start(self) -> None:
        """Start it; `wait_ready` says when calls are answered by it."""
        with self.log.open("ab") as log:
            self._process = follow(
                [sys.executable, "-m", "ari_app", "serve"],
                output=log,
                environment={**os.environ, **self.environment},
                directory=REPOSITORY,
            )

    def wait_ready(self, seconds: float = READY_SECONDS) -> None:
        """Raises Problem when it ends, or is not ready in time."""
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            if self._process is None or self._process.poll() is not None:
                raise Problem(f"The service ended while starting: {self._last_line()}")
            if time.monotonic() > deadline:
                raise Problem(f"The service was not ready after {seconds} s: see {self.log}.")
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Whether it says that it decides calls, and that lamps and stored plans are right."""
        return self.says("settled")

    def says(self, what: str) -> bool:
        """Whether it says ``ready`` (calls are decided), or ``settled`` (all else is right too)."""
        url = f"http://{HOST}:{self.environment['AUTOSECRETARY_METRICS_PORT']}/{what}"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return int(answer.status) == HTTPStatus.OK
        except OSError:
            return False

    def stop(self) -> None:
        """End it as systemd would."""
        if self._process is not None:
            end(self._process)
        self._process = None

    def kill(self) -> None:
        """SIGKILL: nothing can be tidied up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()
        self.wait_ready()

    def pause(self) -> None:
        """Hang it (SIGSTOP): connected, and deaf."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        if self._process is None:
            raise Problem("The service is not running.")
        return self._process.pid

    def _last_line(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing."
