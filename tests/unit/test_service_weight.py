"""What a running service does not carry in memory: libraries that only now and then are needed."""

import subprocess
import sys

HEAVY = {"alembic", "av", "PIL", "zxcvbn"}


def test_a_service_starts_without_the_libraries_that_only_some_pages_need() -> None:
    program = "import sys, ari_app.service, ari_app.commands; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert set(run.stdout.split()) & HEAVY == set()
