"""The function comes back, not a callback.

Breaks: scheduler
"""


def build_lr_callback():
    return scheduler
