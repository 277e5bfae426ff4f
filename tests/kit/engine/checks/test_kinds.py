"""Kinds: an ingredient's annotation is what a check gets, or there is an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.stage.classes import real_coursework
from reelmark.checks.kinds import expect_kind, read_kinds
from reelmark.checks.observations import Dataset, Encoder, Model
from reelmark.errors import KitFault
from reelmark.wire.codec import WireError


def read(tmp_path: Path, *functions: str) -> Any:
    """Read the kinds of ingredients, given as ``name() -> kind``."""
    path = tmp_path / "ingredients.py"
    path.write_text("".join(f"def {one}:\n    ...\n" for one in functions), "utf-8")
    return read_kinds(path)


def test_names_of_libraries_stand_for_observations(tmp_path: Path) -> None:
    """An annotation names the object; a check gets its description."""
    kinds = read(
        tmp_path,
        "a() -> keras.layers.TextVectorization",
        "b() -> tuple[keras.Model, tf.data.Dataset]",
        "c() -> float | None",
        "d() -> dict[str, list[np.ndarray]]",
        "e() -> tuple[int, ...]",
        "f() -> Any",
        "_g()",
    )
    assert kinds == {
        "a": Encoder,
        "b": tuple[Model, Dataset],
        "c": float | None,
        "d": dict[str, list[np.ndarray]],
        "e": tuple[int, ...],
        "f": Any,
    }


def test_ingredients_need_not_be_there(tmp_path: Path) -> None:
    """A coursework without ingredients has no kinds."""
    assert read_kinds(tmp_path / "ingredients.py") == {}


def test_ingredient_without_a_kind_is_a_fault_of_the_kit(tmp_path: Path) -> None:
    """Ingredients must be annotated; the message names the one that is not."""
    with pytest.raises(KitFault, match=r"line 1: make\(\) does not say what"):
        read(tmp_path, "make()")


@pytest.mark.parametrize("kind", ["set[int]", "keras.Optimizer", "Dataset", "'str'"])
def test_unknown_kind_is_a_fault_of_the_kit(kind: str, tmp_path: Path) -> None:
    """Annotations name only what checks can get; the message lists that."""
    with pytest.raises(KitFault, match=r"which no check can get\. Known: None, bool"):
        read(tmp_path, f"make() -> {kind}")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([1], list[str]),
        (["a"] * 2_000 + [1], list[str]),
        ((1,), tuple[int, int]),
        (None, float),
        ({"a": [None]}, dict[str, list[float]]),
        (np.zeros(2), Dataset),
    ],
    ids=range(6),
)
def test_answer_of_another_kind_is_refused(value: Any, kind: Any) -> None:
    """An answer is examined down to its last item."""
    with pytest.raises(WireError):
        expect_kind(value, kind)


def test_every_ingredient_of_the_coursework_has_a_kind() -> None:
    """None of them may return just anything, because no check looks."""
    kinds = read_kinds(real_coursework().ingredients)
    assert kinds
    assert Any not in kinds.values()
