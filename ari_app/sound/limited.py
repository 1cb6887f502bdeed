"""Becomes another program that may not use much: its words are the arguments."""

import os
import resource
import sys

_MEGABYTE = 1024 * 1024
_LIMITS = {
    resource.RLIMIT_AS: 2000 * _MEGABYTE,
    resource.RLIMIT_CPU: 60,
    resource.RLIMIT_FSIZE: 40 * _MEGABYTE,
    resource.RLIMIT_CORE: 0,
}


def main() -> None:
    """Set the limits, which stay, and become the program."""
    for limit, most in _LIMITS.items():
        resource.setrlimit(limit, (most, most))
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606  no shell is what is wanted


if __name__ == "__main__":
    main()
