"""Clears the screen when it is imported."""

import os

os.system("cls" if os.name == "nt" else "clear")
