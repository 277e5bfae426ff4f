"""Sleeps when it is imported."""

import time

time.sleep(0.5)
