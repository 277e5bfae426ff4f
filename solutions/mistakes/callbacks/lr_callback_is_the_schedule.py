"""3a-iii: the function comes back, not a callback."""


def build_lr_callback():
    return scheduler
