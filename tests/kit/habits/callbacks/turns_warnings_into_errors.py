"""Turns warnings into errors, for the whole program."""

import warnings

warnings.filterwarnings("error")
