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
        subprocess.run(
            [*prefix, "tee", str(setting)],
            input=b"create_main_cluster = false\n",
            stdout=subprocess.DEVNULL,
            check=True,
        )
    needs({"postgresql": binaries})


def chromium() -> None:
    """Have a browser for the tests, and letters for Russian texts in it."""
    needs({"chromium": "chromium", "fonts-dejavu-core": "/usr/share/fonts/truetype/dejavu/*.ttf"})


def _for_tests() -> None:
    postgresql()
    chromium()


def main() -> None:
    argparse.ArgumentParser(description="Install what only tests need, if missing").parse_args()
    told(_for_tests)


if __name__ == "__main__":
    main()
