"""Run the command line, as `python -m cleaner` and as the script `cleaner`."""

from cleaner.garbage import collect_seldom
from cleaner.interrupt import leave_at_once


def main() -> None:
    """Run the command line; Ctrl-C is quiet also while it is loaded."""
    leave_at_once()
    collect_seldom()
    from cleaner.cli import main as run

    run()


if __name__ == "__main__":
    main()
