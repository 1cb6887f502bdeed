"""The panel's styles, scripts and icons: fetched with npm, bundled into ``web/static``."""

import argparse
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from rich.console import Console

from demo.configuration import REPOSITORY
from demo.machine import cache_folder, needs
from demo.problem import Problem, told

ASSETS = REPOSITORY / "web/assets"
STATIC = REPOSITORY / "web/static"
_STAMP = STATIC / ".made-of"
_LOCK = ("package.json", "package-lock.json", ".npmrc")


def get_assets() -> None:
    """Have the bundled files, made anew when anything that they are made of has changed.

    Packages are kept in the cache folder, so another clone needs no network. Raises Problem.
    """
    wanted = _fingerprint()
    if _STAMP.is_file() and _STAMP.read_text() == wanted:
        return
    needs({"nodejs": "node", "npm": "npm"})
    _link(_packages())
    _run(["node", "build.mjs"], ASSETS, "The panel's files could not be bundled")
    _STAMP.write_text(wanted)


def packages() -> Path:
    """The folder of npm's packages, for tests that use one (axe-core)."""
    return ASSETS / "node_modules"


def _packages() -> Path:
    """Npm's packages in the cache, by what the lock file says."""
    locked = b"".join((ASSETS / name).read_bytes() for name in _LOCK)
    folder = cache_folder() / f"npm-{hashlib.sha256(locked).hexdigest()[:12]}"
    if folder.is_dir():
        return folder
    partial = folder.with_name(f"partial-npm-{os.getpid()}")
    partial.mkdir()
    try:
        for name in _LOCK:
            shutil.copy(ASSETS / name, partial)
        cache = f"--cache={cache_folder() / 'npm-downloads'}"
        with Console().status("Fetching the panel's styles and icons …"):
            _run(
                ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", cache],
                partial,
                "npm could not fetch the panel's packages: is there a network?",
            )
        if not folder.is_dir():
            partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _link(folder: Path) -> None:
    link = ASSETS / "node_modules"
    if link.is_symlink():
        link.unlink()
    elif link.is_dir():
        shutil.rmtree(link)
    link.symlink_to(folder / "node_modules")


def _run(command: list[str], where: Path, complaint: str) -> None:
    run = subprocess.run(command, check=False, capture_output=True, text=True, cwd=where)
    if run.returncode != 0:
        lines = (run.stderr.strip() or run.stdout.strip()).splitlines()
        said = next((line for line in lines if "ERR" in line), "")
        raise Problem(f"{complaint} {said[:200]}")


def _fingerprint() -> str:
    """A digest of all that the bundle is made of; icons are named in templates and pages."""
    digest = hashlib.sha256()
    web = ASSETS.parent
    sources = [path for path in ASSETS.iterdir() if path.is_file()]
    named = [*web.rglob("templates/**/*.html"), *web.glob("*.py"), *web.glob("pages/*.py")]
    for path in sorted([*sources, *named]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def main() -> None:
    argparse.ArgumentParser(description="Bundle the panel's styles and scripts").parse_args()
    told(get_assets)


if __name__ == "__main__":
    main()
