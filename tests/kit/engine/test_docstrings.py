"""Docstrings: the examples in them print what they say."""

from __future__ import annotations

import doctest
import importlib

import pytest

from sample_class import ROOT

ENGINE = ROOT / "autograder"
WITH_EXAMPLES = sorted(
    ".".join(path.relative_to(ENGINE).with_suffix("").parts)
    for path in ENGINE.rglob("*.py")
    if ">>> " in path.read_text("utf-8")
)


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_examples_hold(module: str) -> None:
    """Every example prints what it says."""
    failed, attempted = doctest.testmod(importlib.import_module(module))
    assert failed == 0 < attempted
