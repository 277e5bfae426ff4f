"""Asks whether it runs in a notebook."""

try:
    get_ipython()
except NameError:
    IN_NOTEBOOK = False
