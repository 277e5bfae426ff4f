"""The environment: the variables that processes of the kit are started with."""

from __future__ import annotations

from collections.abc import Mapping

# Variables a worker may see; all others may hold tokens and names.
_HARMLESS = (
    *("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "PYTHONPATH", "LD_LIBRARY_PATH"),
    # Without these, Python on Windows finds neither sockets nor a home.
    *("SYSTEMROOT", "WINDIR", "USERPROFILE", "PROCESSOR_ARCHITECTURE"),
)
_HARMLESS_PREFIXES = ("LC_", "TF_", "KERAS_", "MPL", "OMP_", "OPENBLAS_", "MKL_")


def bare_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that the warm parent is to be started with.

    A worker can read those that its parent was *started* with: they stay in its
    memory and in /proc/self/environ, even if they are removed later.
    """
    return {
        name: value
        for name, value in environment.items()
        if name in _HARMLESS or name.startswith(_HARMLESS_PREFIXES)
    }


TENSORFLOW = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # oneDNN compiles its kernels anew in every process, which takes a fifth of the
    # processor time of a submission; and it rounds differently on other machines.
    "TF_ENABLE_ONEDNN_OPTS": "0",
}
