"""The bundled scripts and styles: where they are, and what they are called this time."""

import json
from pathlib import Path

STATIC = Path(__file__).parent / "static"


def read_assets(folder: Path = STATIC) -> dict[str, str]:
    """The address of each bundled file by its plain name; none before they are built."""
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        return {}
    names: dict[str, str] = json.loads(manifest.read_text())
    return {plain: f"/static/{built}" for plain, built in names.items()}
