"""A coursework of one module about baking bread, to cut stubs and a brief from."""

from __future__ import annotations

from pathlib import Path

from reelmark.manifest import Coursework, load_coursework

SOLUTION = '''\
"""Bakes bread."""

import time

### BEGIN SOLUTION
# isort: split
import math


def _double(x):
    return 2 * x


### END SOLUTION


def bake(flour):
    """Bake a loaf."""
    ### BEGIN SOLUTION
    return _double(math.sqrt(flour))
    ### END SOLUTION


class Oven:
    def heat(self):
        """Heat the oven."""
        ### BEGIN SOLUTION
        time.sleep(1)
        ### END SOLUTION


### BEGIN SOLUTION
def _cool():
    pass
### END SOLUTION
'''
STUB = '''\
"""Bakes bread."""

import time


def bake(flour):
    """Bake a loaf."""
    raise NotImplementedError


class Oven:
    def heat(self):
        """Heat the oven."""
        raise NotImplementedError
'''
MANIFEST = """\
[coursework]
title = "Baking"

[[task]]
id = "1a"
title = "Bakes a loaf"
section = "1.a"
module = "bakery"
function = "bake"
marks = 2.5
minutes = 20
needs = []
hints = ["Heat the oven first."]
"""
TABLE = """\
| Task | Function | What it does | Marks | Minutes |
|---|---|---|--:|--:|
| 1a | `bakery.bake` | Bakes a loaf | 2.5 | 20 |
| | | **Together** | **2.5** | **20** |"""
README = "# Baking\n\n<!-- tasks:begin -->\nold\n<!-- tasks:end -->\n\nEnjoy.\n"


def make_bakery(root: Path, text: str) -> Coursework:
    """Write a coursework with the given manifest and load it."""
    for folder in ("assignment", "solutions"):
        (root / folder).mkdir(exist_ok=True)
    (root / "assignment" / "coursework.toml").write_text(text)
    (root / "assignment" / "README.md").write_text(README)
    (root / "solutions" / "bakery.py").write_text(SOLUTION)
    return load_coursework(root)
