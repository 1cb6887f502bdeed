"""The machine we run on: its cache folder, its privileges, and the few system packages needed."""

import argparse
import os
import shutil
import subprocess
from pathlib import Path

from demo.problem import Problem, told


def cache_folder() -> Path:
    """``$XDG_CACHE_HOME/autosecretary``, or ``~/.cache/autosecretary``."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    folder = (Path(base) if base else Path.home() / ".cache") / "autosecretary"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def as_root(why: str) -> list[str]:
    """The words to put before a command that only root may run, empty when we are root.

    Raises Problem where there is neither root nor sudo.
    """
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        raise Problem(f"{why} needs root, and there is no sudo here: run it once as root.")
    if subprocess.run(["sudo", "-v"], check=False).returncode != 0:
        raise Problem(f"{why} needs root, and sudo refused: run it once as root.")
    return ["sudo"]


def needs(packages: dict[str, str]) -> None:
    """Install the system packages whose program or file is missing: package → program or file."""
    missing = [package for package, sign in packages.items() if not _is_there(sign)]
    if not missing:
        return
    if shutil.which("apt-get") is None:
        raise Problem(f"Please install {', '.join(missing)}: this is not Debian or Ubuntu.")
    prefix = as_root(f"Installing {', '.join(missing)}")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    install = [*apt, "install", "-y", "--no-install-recommends", *missing]
    print(f"Installing {', '.join(missing)} …", flush=True)
    for command in ([*apt, "update"], install):
        run = subprocess.run(command, check=False, capture_output=True, text=True)
        if run.returncode != 0:
            said = (run.stderr.strip() or run.stdout.strip()).splitlines()
            raise Problem(f"apt-get could not install {', '.join(missing)}: {said[-1:]}")


def _is_there(sign: str) -> bool:
    if "*" in sign:
        return any(Path("/").glob(sign.lstrip("/")))
    if sign.startswith("/"):
        return Path(sign).exists()
    where = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    return shutil.which(sign, path=where) is not None


def postgresql() -> None:
    """Have PostgreSQL's server programs, for the tests; no cluster is made, nothing is started."""
    binaries = "/usr/lib/postgresql/*/bin/initdb"
    if _is_there(binaries):
        return
    setting = Path("/etc/postgresql-common/createcluster.conf")
    if not setting.exists():
        prefix = as_root("Installing postgresql")
        subprocess.run([*prefix, "mkdir", "-p", str(setting.parent)], check=True)
        _write(prefix, setting, b"create_main_cluster = false\n")
    needs({"postgresql": binaries})


def chromium() -> None:
    """Have a browser for the tests, and letters for Russian texts in it."""
    needs({"chromium": "chromium", "fonts-dejavu-core": "/usr/share/fonts/truetype/dejavu/*.ttf"})


def exim() -> None:
    """Have a mail server for the tests, which is neither started nor left to start by itself."""
    program = "/usr/sbin/exim4"
    if _is_there(program):
        return
    prefix = as_root("Installing exim4")
    # Debian's scripts ask this program whether a service may start (invoke-rc.d(8)); 101: no.
    policy = Path("/usr/sbin/policy-rc.d")
    is_ours = not policy.exists()
    if is_ours:
        _write(prefix, policy, b"#!/bin/sh\nexit 101\n")
        subprocess.run([*prefix, "chmod", "755", str(policy)], check=True)
    try:
        needs({"exim4-daemon-light": program})
    finally:
        if is_ours:
            subprocess.run([*prefix, "rm", "-f", str(policy)], check=True)
    if shutil.which("systemctl"):
        disable = [*prefix, "systemctl", "disable", "--quiet", "exim4"]
        subprocess.run(disable, check=False, capture_output=True)


def _write(prefix: list[str], file: Path, content: bytes) -> None:
    command = [*prefix, "tee", str(file)]
    subprocess.run(command, input=content, stdout=subprocess.DEVNULL, check=True)


def _for_tests() -> None:
    postgresql()
    chromium()
    exim()


def main() -> None:
    argparse.ArgumentParser(description="Install what only tests need, if missing").parse_args()
    told(_for_tests)


if __name__ == "__main__":
    main()
