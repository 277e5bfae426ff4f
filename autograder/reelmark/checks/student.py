"""The student's modules and functions, as a check calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Call = Callable[[str, str, tuple[Any, ...], dict[str, Any]], Any]
"""Calls a function in the worker: module, function, arguments, keyword arguments."""


class StudentModule:
    """One of the student's modules; the ingredients and looks are such modules too."""

    def __init__(self, call: Call, name: str) -> None:
        self._call = call
        self._name = name

    def __getattr__(self, name: str) -> StudentFunction:
        # Tools that look for private hooks (Hypothesis, pytest) must not find
        # them in the student's module.
        if name.startswith("_"):
            raise AttributeError(name)
        return StudentFunction(self._call, self._name, name)


class StudentFunction:
    """One of the student's functions; calling it runs it in the worker."""

    def __init__(self, call: Call, module: str, name: str) -> None:
        self._call = call
        self.module = module
        self.name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the function; return an observation of what it returned."""
        return self._call(self.module, self.name, args, kwargs)
