"""Only metrics of the first model are found, precision but not precision_1.

Breaks: metric-names
"""


def _series(history, name):
    return history.history[name]
