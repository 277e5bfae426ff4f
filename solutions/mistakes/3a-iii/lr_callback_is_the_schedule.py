"""The function comes back, not a callback."""


def build_lr_callback():
    return scheduler
