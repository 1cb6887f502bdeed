"""The command line's entry: `autosecretary …`, or `python -m ari_app …`."""

from ari_app.commands import app


def main() -> None:
    """Run the command line."""
    app(prog_name="autosecretary")


if __name__ == "__main__":
    main()
