"""Trains only when it is run as a program."""

if __name__ == "__main__":
    raise SystemExit("trained")
