"""Expectations: how checks compare, and say what is wrong when they differ.

Each function raises `Mismatch` with the parts of a failure message: a summary
that completes the sentence ``build_cnn(): ...``, expected and got in the same
form, why (only what the check proved) and advice (where to look next).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, TypeVar, cast

import numpy as np

from reelmark.checks.observations import Observation, Opaque
from reelmark.errors import Mismatch

Kind = TypeVar("Kind")


def that(
    holds: bool,
    summary: str,
    *,
    expected: Any = None,
    got: Any = None,
    why: str = "",
    advice: str = "",
) -> None:
    """Expect that something holds.

    Raises:
        Mismatch: It does not.
    """
    if not holds:
        raise Mismatch(
            summary, expected=_text(expected), got=_text(got), why=why, advice=advice
        )


def equal(
    got: Any, expected: Any, what: str, *, why: str = "", advice: str = ""
) -> None:
    """Expect ``got == expected``; ``what`` names it ("the shape of the image").

    Raises:
        Mismatch: They differ, in type or in value.
    """
    that(
        isinstance(got, type(expected)) and _is_equal(got, expected),
        f"{what} is not what the brief asks for.",
        expected=expected,
        got=got,
        why=why,
        advice=advice,
    )


def close(
    got: Any,
    expected: Any,
    what: str,
    *,
    atol: float,
    why: str = "",
    advice: str = "",
) -> None:
    """Expect numbers or arrays to have equal shapes, and values equal within ``atol``.

    Raises:
        Mismatch: They differ; the message shows the first place where they do.
    """
    got_array, expected_array = numbers(got, what), np.asarray(expected)
    that(
        got_array.shape == expected_array.shape,
        f"{what} has the wrong shape.",
        expected=expected_array.shape,
        got=got_array.shape,
        advice=advice,
    )
    wrong = ~np.isclose(got_array, expected_array, rtol=0, atol=atol)
    if wrong.any():
        # The first True, without building an index of all the others.
        first = np.unravel_index(np.argmax(wrong), wrong.shape)
        place = tuple(int(i) for i in first)
        where = f" (first at {place})" if place else ""
        that(
            False,
            f"{what} is wrong{where}.",
            expected=f"{expected_array[place]:.6g}",
            got=f"{got_array[place]:.6g}",
            why=why,
            advice=advice,
        )


def numbers(value: Any, what: str) -> Any:
    """Expect a number or an array of numbers; return it as float64.

    Raises:
        Mismatch: It is something else.
    """
    is_number = isinstance(value, int | float | np.generic | np.ndarray)
    array = np.asarray(value) if is_number else np.asarray(None)
    that(
        array.dtype.kind in "biuf",
        f"{what} does not hold numbers.",
        expected="numbers",
        got=describe(value),
    )
    return array.astype(np.float64)


def rows(
    got: Sequence[str],
    expected: Sequence[str],
    summary: str,
    *,
    why: str = "",
    advice: str = "",
) -> None:
    """Expect rows of a table to be equal, one for one.

    Args:
        got: One line for each row there is.
        expected: One line for each row there should be.
        summary: As for `that`; it may name the first row that differs.
        why: What the check proved about the cause.
        advice: Where to look next.

    Raises:
        Mismatch: They differ; the message shows the first row that does, with its
            neighbours.
    """
    pairs = list(itertools.zip_longest(expected, got, fillvalue="(nothing more)"))
    if any(one != other for one, other in pairs):
        raise Mismatch(summary, why=why, advice=advice, rows=pairs)


def kind(value: Any, wanted: type[Kind], name: str, *, advice: str = "") -> Kind:
    """Expect ``value`` to be of a kind; ``name`` says it in words ("a Keras model").

    Raises:
        Mismatch: It is of another kind; None is explained.
    """
    if value is None:
        that(
            False,
            "returned None: is `return` missing?",
            expected=name,
            got="None",
            advice=advice,
        )
    that(
        isinstance(value, wanted) and not (wanted is int and isinstance(value, bool)),
        "returned something of the wrong kind.",
        expected=name,
        got=describe(value),
        advice=advice,
    )
    return value  # type: ignore[no-any-return]


def items(value: Any, count: int, name: str, *, advice: str = "") -> tuple[Any, ...]:
    """Expect a tuple or list of ``count`` items; ``name`` describes it in words.

    Raises:
        Mismatch: It is something else, or of another length.
    """
    sequence: Any = kind(value, cast(Any, (tuple, list)), name, advice=advice)
    that(
        len(sequence) == count,
        "returned the wrong number of things.",
        expected=name,
        got=describe(value),
        advice=advice,
    )
    return tuple(sequence)


def array(value: Any, name: str, *, advice: str = "") -> Any:
    """Expect an array (a tensor arrives as one); ``name`` describes it in words.

    Raises:
        Mismatch: It is something else.
    """
    return kind(value, np.ndarray, name, advice=advice)


def describe(value: Any) -> str:
    """Say in a few words what ``value`` is, as a student would."""
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype}, shape {value.shape}"
    if isinstance(value, Opaque):
        return f"{value.type_name}: {value.text}"
    if isinstance(value, Observation):
        return with_article(getattr(value, "class_name", type(value).__name__))
    if isinstance(value, tuple | list):
        inside = ", ".join(type(item).__name__ for item in value[:4])
        more = ", ..." if len(value) > 4 else ""
        return f"a {type(value).__name__} of {len(value)}: {inside}{more}"
    return f"{type(value).__name__}: {value!r}"


def with_article(name: str) -> str:
    """Return a name with the indefinite article that fits its pronunciation.

    Examples:
        >>> with_article("EarlyStopping"), with_article("Dataset"), with_article("LSTM")
        ('an EarlyStopping', 'a Dataset', 'an LSTM')
    """
    is_spelt = name[:2].isupper()
    return (
        f"an {name}"
        if name[:1] in ("AEFHILMNORSX" if is_spelt else "AEIO")
        else f"a {name}"
    )


def _is_equal(got: Any, expected: Any) -> bool:
    """Return whether they are equal; arrays somewhere in ``got`` are not."""
    try:
        return bool(got == expected)
    except ValueError:
        return False


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)
