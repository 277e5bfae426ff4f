"""The student's modules and functions, as a check calls them."""

from __future__ import annotations

from typing import Any

from reelmark.checks.submission import Submission


class StudentModule:
    """One module of the student's, or the ingredients."""

    def __init__(self, submission: Submission, name: str) -> None:
        self._submission = submission
        self._name = name

    def __getattr__(self, name: str) -> StudentFunction:
        # Tools that look for private hooks (Hypothesis, pytest) must not find
        # them in the student's module.
        if name.startswith("_"):
            raise AttributeError(name)
        return StudentFunction(self._submission, self._name, name)


class StudentFunction:
    """One function of the student's; calling it runs it in the worker."""

    def __init__(self, submission: Submission, module: str, name: str) -> None:
        self._submission = submission
        self.module = module
        self.name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the function; return an observation of what it returned."""
        return self._submission.call(self.module, self.name, args, kwargs)
