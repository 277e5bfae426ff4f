"""Libraries: settings that a program may make, but that have no effect here.

The number of threads, the visible devices and the place where figures are shown are
the same for everybody. At the start of a student's own program such settings are
fine; here TensorFlow may be running already, and there is no screen. That is not the
student's mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

_DRAWN_TO_FILES = ("agg", "cairo", "pdf", "pgf", "ps", "svg", "template")
"""Backends of matplotlib that need no screen."""

_LATE = (
    *("set_visible_devices", "set_logical_device_configuration"),
    *("experimental.set_visible_devices", "experimental.set_memory_growth"),
    "experimental.set_virtual_device_configuration",
)
"""Settings below ``tf.config`` that TensorFlow accepts only until it starts to work."""


def accept_settings() -> None:
    """Make such settings harmless; call it where student code will run."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt
    import tensorflow as tf
    from tensorflow.python.ops import logging_ops as tf_logging

    for name in (
        "set_intra_op_parallelism_threads",
        "set_inter_op_parallelism_threads",
    ):
        setattr(tf.config.threading, name, _ignore)
    for name in _LATE:
        path, _, last = name.rpartition(".")
        holder = getattr(tf.config, path) if path else tf.config
        setattr(holder, last, _unless_too_late(getattr(holder, last)))
    # As in notebooks, tf.print() prints where print() does.
    tf_logging.enable_interactive_logging()
    mpl.use = _unless_shown(mpl.use)
    plt.switch_backend = _unless_shown(plt.switch_backend)


def _ignore(*_: object, **__: object) -> None: ...


def _unless_too_late(act: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(act)
    def set_if_possible(*args: Any, **options: Any) -> Any:
        try:
            return act(*args, **options)
        except RuntimeError:
            return None

    return set_if_possible


def _unless_shown(act: Callable[..., Any]) -> Callable[..., Any]:
    """Skip backends that need a screen; figures stay where they are drawn."""

    @wraps(act)
    def use(backend: Any, *args: Any, **options: Any) -> Any:
        is_shown = str(backend).lower() not in _DRAWN_TO_FILES
        return None if is_shown else act(backend, *args, **options)

    return use
