"""Ingredients: kit-made objects that live in the worker, next to the student's code.

A check gives each function what it needs from here, instead of what the student
built in an earlier task. ``submission.ingredients.<name>(...)`` calls these
functions in the worker and returns an observation. Nothing here is a secret,
and nothing here is an answer.
"""

from __future__ import annotations
