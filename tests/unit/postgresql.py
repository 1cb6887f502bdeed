"""A PostgreSQL server of the tests' own, thrown away afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "60",
}


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, the newest version's first."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[4])
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("pg_ctl")
    return Path(on_path).parent if on_path else None


@contextmanager
def server(binaries: Path) -> Iterator[str]:
    """Run one on a free port of 127.0.0.1; the URL of it, without a database's name."""
    folder = Path(tempfile.mkdtemp(prefix="autosecretary-postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {**_SETTINGS, "port": str(port), "unix_socket_directories": str(folder)}
    words = " ".join(f"-c {name}={value}" for name, value in options.items())
    data, log = str(folder / "cluster"), str(folder / "log")
    try:
        _run(
            binaries / "initdb", "-D", data, "-N", "-U", "postgres", "--auth=trust",
            "--encoding=UTF8", "--locale=C.UTF-8",
        )  # fmt: skip
        _run(binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-o", words, "start")
        yield f"postgresql+asyncpg://postgres@127.0.0.1:{port}"
        _run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: Path, *words: str) -> None:
    """Run it as the user postgres where we are root: the server refuses to be root."""
    user = "postgres" if os.geteuid() == 0 else None
    group = pwd.getpwnam(user).pw_gid if user else None
    subprocess.run(
        [program, *words],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=user,
        group=group,
        extra_groups=[] if user else None,
        cwd="/",
    )
