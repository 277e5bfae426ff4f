"""``python -m reelmark`` is the ``reelmark`` command."""

from reelmark.cli import main

if __name__ == "__main__":
    main()
