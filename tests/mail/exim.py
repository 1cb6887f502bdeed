"""A real mail server: exim, with a configuration of its own, on ports of 127.0.0.1."""

import email
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from demo.ports import HOST, free_port, is_free
from demo.processes import end, follow

LOGIN, PASSWORD = "robot@example.com", "s3cret-Пароль"

_CONFIGURATION = """
primary_hostname = localhost
exim_user = Debian-exim
exim_group = Debian-exim
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path = {folder}/exim.pid
daemon_smtp_ports = {starttls} : {tls}
tls_on_connect_ports = {tls}
local_interfaces = 127.0.0.1
tls_advertise_hosts = *
tls_certificate = {folder}/server.crt
tls_privatekey = {folder}/server.key
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
host_lookup =
rfc1413_hosts =
message_size_limit = 25M
smtp_accept_max = 100
smtp_accept_max_per_host = 50
smtp_accept_queue_per_connection = 0
acl_smtp_rcpt = acl_rcpt
keep_environment =
deliver_drop_privilege = true
smtputf8_advertise_hosts = *
begin acl
acl_rcpt:
  deny message = 5.1.1 unknown user
       local_parts = nobody-here
  accept authenticated = *
  deny message = relay not permitted, authentication required
begin routers
all:
  driver = accept
  transport = to_maildir
begin transports
to_maildir:
  driver = appendfile
  directory = {folder}/mail
  maildir_format
  create_directory
  envelope_to_add
  return_path_add
  user = Debian-exim
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{{login}}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = ${{if and{{{{eq{{$auth1}}{{{login}}}}}{{eq{{$auth2}}{{{password}}}}}}}}}
  server_set_id = $auth1
"""


@dataclass(frozen=True)
class Exim:
    """Where it listens, and where it puts what it takes."""

    folder: Path
    tls: int
    starttls: int

    def letters(self) -> list[EmailMessage]:
        """What has arrived so far."""
        return [
            email.message_from_bytes(file.read_bytes(), policy=default)
            for file in sorted((self.folder / "mail/new").glob("*"))
        ]

    def _by_subject(self) -> dict[str, EmailMessage]:
        return {str(one["Subject"]): one for one in self.letters()}

    def wait_for(self, *subjects: str, seconds: float = 20) -> dict[str, EmailMessage]:
        """What has arrived, by subject, as soon as these have. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while not set(subjects) <= (found := self._by_subject()).keys():
            if time.monotonic() > deadline:
                raise TimeoutError(f"not arrived: {set(subjects) - found.keys()}")
            time.sleep(0.1)
        return found


def is_installed() -> bool:
    return Path("/usr/sbin/exim4").exists()


@contextmanager
def exim(folder: Path, certificate: tuple[Path, Path]) -> Iterator[Exim]:
    """Run it while the block runs; needs root, as exim does."""
    server = Exim(folder, free_port(), free_port())
    for part in ("spool", "mail"):
        (folder / part).mkdir(parents=True)
    shutil.copy(certificate[0], folder / "server.crt")
    shutil.copy(certificate[1], folder / "server.key")
    text = _CONFIGURATION.format(
        folder=folder, tls=server.tls, starttls=server.starttls, login=LOGIN, password=PASSWORD
    )
    subprocess.run(["chown", "-R", "Debian-exim:Debian-exim", str(folder)], check=True)
    subprocess.run(["chmod", "-R", "u+rwX,go+rX", str(folder)], check=True)
    # Exim takes no configuration that anybody but root could have written.
    (folder / "exim.conf").write_text(text)
    _open_way(folder)
    command = ["/usr/sbin/exim4", "-C", str(folder / "exim.conf"), "-bdf"]
    with (folder / "output").open("wb") as output:
        process = follow(command, output=output)
    try:
        deadline = time.monotonic() + 10
        while is_free(server.starttls, udp=False):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError((folder / "output").read_text())
            time.sleep(0.05)
        yield server
    finally:
        end(process)


def _open_way(folder: Path) -> None:
    """Let exim's user walk to the folder: pytest makes its own for the owner only."""
    for parent in folder.parents:
        if parent.stat().st_mode & 0o011 != 0o011 and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)


__all__ = ["HOST", "LOGIN", "PASSWORD", "Exim", "exim", "is_installed"]
