"""Reads options from the command line when it is imported."""

import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float, default=0.01)
OPTIONS = parser.parse_args()
assert OPTIONS.rate == 0.01
