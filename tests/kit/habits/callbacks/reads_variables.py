"""Reads environment variables that most systems have."""

import getpass
import os

WHO = os.environ["USER"], os.environ["HOME"], getpass.getuser()
os.environ["MY_RATE"] = "0.01"
assert os.environ["MY_RATE"] == "0.01"
