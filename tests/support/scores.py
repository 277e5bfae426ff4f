"""Scores and losses, the slow way: one film and one genre at a time."""

from __future__ import annotations

import difflib
import itertools
import math
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from reelmark.checks import Opaque, Submission, expect

SCORES = ("precision", "recall", "f1")
COLUMNS = (*SCORES, "support")

SCORE_TOLERANCE = 1e-6
"""Scores are quotients of counts; rounded to float32 they are good to 1e-7."""

LOSS_TOLERANCE = 1e-5
"""A mean of a few hundred float32 logarithms, none above 16, is good to 1e-6."""

HIGHEST_IN_FLOAT32 = 1 - 2.0**-23

NUMBERS: Any = (int, float, np.generic, np.ndarray)

Scores = dict[str, dict[str, float]]
Row = dict[str, Any]

ADVICE = {
    "precision": "Of the films said to have the genre: how many have it?",
    "recall": "Of the films that have the genre: how many were found?",
    "f1": "It is the harmonic mean of the genre's precision and recall.",
    "support": "It is the number of films that have the genre.",
}
WRITING = "Keep numbers as numbers; how they are written is for whoever shows them."
_SPELLING = "Column names count letter for letter, capitals and hyphens too."
ZERO = "Decide what to do before you divide by a count that is 0."


def score(
    truth: Any, answers: Any, genres: Sequence[str], threshold: float = 0.5
) -> Scores:
    """Score every genre; a division by zero gives NaN.

    Args:
        truth: 0 or 1, shape (films, genres).
        answers: Probabilities of the same shape, none equal to ``threshold``.
        genres: Names of the genres.
        threshold: Probability above which a film is predicted to have a genre.
    """
    scores = {}
    for place, genre in enumerate(genres):
        has = {film for film, row in enumerate(truth) if row[place]}
        said = {film for film, row in enumerate(answers) if row[place] > threshold}
        hits = len(has & said)
        scores[genre] = {
            "precision": _divide(hits, len(said)),
            "recall": _divide(hits, len(has)),
            # The harmonic mean of the two, defined even if one of them is not.
            "f1": _divide(2 * hits, len(has) + len(said)),
            "support": float(len(has)),
        }
    return scores


def repeat(scores: Scores, times: int) -> Scores:
    """Return the scores when each film occurs several times."""
    return {
        genre: {**row, "support": times * row["support"]}
        for genre, row in scores.items()
    }


def read_scores(value: Any, genres: Sequence[str], *columns: str) -> Scores:
    """Expect a table with these scores; return its rows by genre.

    Genres without a row are left out.

    The names may be the index or a column: `expect_index` looks at where they are.
    """
    labels, rows = read_table(value, columns)
    named = [[str(cell) for cell in column] for column in _columns(rows)]
    names = max([labels, *named], key=lambda found: len(set(found) & set(genres)))
    return {
        genre: {name: _read_score(rows[names.index(genre)], name) for name in columns}
        for genre in genres
        if genre in names
    }


def read_table(value: Any, columns: Sequence[str]) -> tuple[list[str], list[Row]]:
    """Expect a data frame with each of the columns exactly once.

    Returns:
        The labels of its rows, and its rows.
    """
    table = expect.kind(value, pd.DataFrame, "a pandas DataFrame")
    found = [str(column) for column in table.columns]
    for column in columns:
        why = _why_no_column(column, found)
        expect.that(
            found.count(column) == 1,
            f'the table needs one column "{column}".',
            expected=", ".join(columns),
            got=", ".join(found) or "no columns",
            why=why,
            advice=_SPELLING if not why else "Each column is to be there once.",
        )
    cells = [
        [math.nan if _is_na(cell) else cell for cell in table.iloc[:, place].tolist()]
        for place in range(len(found))
    ]
    rows = [dict(zip(found, row, strict=True)) for row in zip(*cells, strict=True)]
    return [str(label) for label in table.index], rows


def _why_no_column(column: str, found: Sequence[str]) -> str:
    """Say whether a column has a different name, or does not exist at all."""
    others = [name for name in found if name not in COLUMNS]
    alike = [
        name
        for name in others
        if column in re.sub(r"\W|_", "", name).lower()
        or difflib.get_close_matches(column, [name.lower()])
    ]
    if found.count(column) > 1:
        return f"There are {found.count(column)} of them."
    return (
        ""
        if alike or not found
        else "No other name is like it: the column is not there at all."
    )


def _is_na(cell: Any) -> bool:
    """Return whether a cell is pandas's NA: NaN in a column of nullable numbers."""
    return isinstance(cell, Opaque) and cell.type_name == "NAType"


def expect_some_columns(value: Any) -> None:
    """Expect a data frame with some of the columns; each has a check of its own."""
    there = _columns_there(value)
    expect.that(
        bool(there),
        "the table has none of the columns.",
        expected=", ".join(COLUMNS),
        got=", ".join(map(str, value.columns)) or "no columns",
        advice=_SPELLING
        if any(str(name).lower() in COLUMNS for name in value.columns)
        else "A row is a genre, and a column is a score.",
    )


def _columns_there(value: Any) -> list[str]:
    """Expect a data frame; return those of the columns that it has."""
    table = expect.kind(value, pd.DataFrame, "a pandas DataFrame")
    found = {str(column) for column in table.columns}
    return [column for column in COLUMNS if column in found]


def expect_index(value: Any, genres: Sequence[str]) -> None:
    """Expect the index of a table of scores to be every genre once, in order.

    A row for all genres together, wherever it is, does not count as a genre.
    """
    names, _ = read_table(value, ())
    lacking = [genre for genre in genres if names.count(genre) != 1]
    expect.that(
        not lacking,
        "the index does not hold every genre once.",
        expected=f"{len(genres)} genres: {', '.join(genres[:4])} ...",
        got=f"{len(genres) - len(lacking)} of them: {', '.join(names[:4])} ...",
        advice="The row labels are the names; genres without films have rows too.",
    )
    listed = [name for name in names if name in genres]
    place = next((i for i, genre in enumerate(genres) if listed[i] != genre), 0)
    expect.that(
        listed == list(genres),
        "the rows are not in the order of the genres.",
        expected=f"{genres[place]} as row {place + 1}",
        got=f"{listed[place]}",
        why="They are sorted by support." if _are_sorted(value, listed) else "",
        advice="Leave the rows in the order of the argument genres; whoever wants "
        "another one can sort them.",
    )


def _are_sorted(value: Any, listed: Sequence[str]) -> bool:
    if "support" not in _columns_there(value):
        return False
    scores = read_scores(value, listed, "support")
    supports = [scores[genre]["support"] for genre in listed]
    return supports in (sorted(supports), sorted(supports, reverse=True))


def expect_scores(
    got: Scores,
    expected: Scores,
    *columns: str,
    given: str = "",
    mistakes: Mapping[str, Scores] = MappingProxyType({}),
) -> None:
    """Expect the scores of every genre that has films.

    Args:
        got: The scores to judge.
        expected: The right scores.
        columns: Which scores to compare.
        given: The argument that matters, as in ``with threshold=0.2``.
        mistakes: Scores that result from mistakes, by what to say about each.
    """
    occurring = [genre for genre, row in expected.items() if row["support"]]
    for genre, column in itertools.product(occurring, columns):
        _expect_listed(got, genre)
        number, right = got[genre][column], expected[genre][column]
        whys = (w for w, m in mistakes.items() if _same(got, m, occurring, column))
        expect.that(
            _agree(number, right, column),
            f"{given}{', ' * bool(given)}the {column} of {genre} is wrong.",
            expected="0.0 or NaN" if math.isnan(right) else f"{right:.4g}",
            got=f"{number:.4g}",
            why=next(whys, ""),
            advice=ZERO if math.isnan(right) else ADVICE[column],
        )


def explain(
    truth: Any, answers: Any, genres: Sequence[str], threshold: float = 0.5
) -> dict[str, Scores]:
    """Return the scores that common mistakes give, by what to say about each."""
    right = score(truth, answers, genres, threshold)
    ones = np.eye(len(genres))[np.argmax(answers, axis=1)]
    exchanged = {
        genre: {**row, "precision": row["recall"], "recall": row["precision"]}
        for genre, row in right.items()
    }
    rows = list(right.values())
    ignored = {
        "These are the scores for a threshold of 0.5.": score(truth, answers, genres)
    }
    return {
        **(ignored if threshold != 0.5 else {}),
        "These are the scores of one genre a film, the most probable one. But a film "
        "may have several.": score(truth, ones, genres),
        "Precision and recall have changed places.": exchanged,
        "These are the scores of the genre before: the names are off by one.": dict(
            zip(genres, [rows[-1], *rows[:-1]], strict=True)
        ),
        "These are the scores of the next genre: the names are off by one.": dict(
            zip(genres, [*rows[1:], rows[0]], strict=True)
        ),
    }


def expect_threshold(
    table: Any, truth: Any, answers: Any, genres: Sequence[str], threshold: float
) -> None:
    """Expect precision and recall for a given threshold."""
    columns = [c for c in _columns_there(table) if c in SCORES[:2]] or SCORES[:2]
    expect_scores(
        read_scores(table, genres, *columns),
        score(truth, answers, genres, threshold),
        *columns,
        given=f"with threshold={threshold}",
        mistakes=explain(truth, answers, genres, threshold),
    )


def expect_left_alone(submission: Submission, function: Any, *arguments: Any) -> None:
    """Expect a function not to change the arrays that it gets."""
    expect.that(
        submission.ingredients.leaves_alone(function, *arguments) is True,
        "the array of probabilities that it was given is changed.",
        expected="the same numbers in it after the call",
        got="other numbers",
        why="Whoever has this array has its new numbers: the next call, too.",
        advice="Work on a copy.",
    )


def expect_supports(
    got: Scores,
    expected: Scores,
    num_films: int,
    mistakes: Mapping[str, Scores] = MappingProxyType({}),
) -> None:
    """Expect the number of films of every genre that has some."""
    total, wanted = (sum(row["support"] for row in s.values()) for s in (got, expected))
    expect.that(
        not total == num_films < wanted,
        "the supports add up to the number of films.",
        expected=f"{wanted:.0f} together, for {num_films} films",
        got=f"{total:.0f}",
        why="Each film was counted for one genre only, but a film may have several.",
        advice="Every genre is a question of its own: count column by column.",
    )
    expect_scores(got, expected, "support", mistakes=mistakes)


def expect_empty(
    table: Any, expected: Scores, mistakes: Mapping[str, Scores] = MappingProxyType({})
) -> None:
    """Expect genres without films to be listed, without scores.

    Another check looks at missing columns.
    """
    there = _columns_there(table)
    got = read_scores(table, list(expected), *there)
    empty = [genre for genre, row in expected.items() if not row["support"]]
    occurring = [genre for genre in expected if genre not in empty]
    whys = (
        why
        for why, scores in mistakes.items()
        if all(_same(got, scores, occurring, column) for column in there)
    )
    why = next(whys, "")
    for genre in empty:
        _expect_listed(got, genre)
        for column, number in got[genre].items():
            may_be_nan = column != "support"
            expect.that(
                number == 0 or (may_be_nan and math.isnan(number)),
                f"the {column} of {genre}, which no film has, is wrong.",
                expected="0.0 or NaN" if may_be_nan else "0",
                got=f"{number:.4g}",
                why=why,
                advice=ZERO,
            )


def is_number(value: Any) -> bool:
    """Return whether a value is a number that is not too large for a float."""
    huge = isinstance(value, int) and value.bit_length() > 1_000
    return isinstance(value, int | float | np.number) and not huge


def split(labels: Any, num_train: int) -> tuple[Any, Any]:
    """Split films in two; keep the genres that some of the first part have.

    The other genres, whose frequency is 0, have a check of their own.
    """
    kept = labels[:, labels[:num_train].any(axis=0)]
    return kept[:num_train], kept[num_train:]


def find_baseline(
    train_labels: Any, valid_labels: Any, highest: float = 1 - 1e-7
) -> float:
    """Compute the cross-entropy of constant frequencies, entry by entry.

    Args:
        train_labels: 0 or 1, shape (films, genres).
        valid_labels: The same for other films.
        highest: Frequencies are clipped to between 1e-7 and this.
    """
    counts = [sum(column) for column in zip(*train_labels, strict=True)]
    shares = [count / len(train_labels) for count in counts]
    answers = [min(max(share, 1e-7), highest) for share in shares]
    losses = [
        -math.log(answer if has else 1 - answer)
        for row in valid_labels
        for has, answer in zip(row, answers, strict=True)
    ]
    return sum(losses) / len(losses)


def expect_baseline(value: Any, train_labels: Any, valid_labels: Any) -> None:
    """Expect the right result of ``baseline_loss(train_labels, valid_labels)``."""
    expect.kind(value, NUMBERS, "a loss, as a float")
    number = expect.numbers(value, "the loss")
    # In float32, 1 - 1e-7 is a different number, a fifth further away from 1.
    rounded = find_baseline(train_labels, valid_labels, HIGHEST_IN_FLOAT32)
    if number.shape == () and abs(number - rounded) <= LOSS_TOLERANCE:
        return
    expect.close(
        value,
        find_baseline(train_labels, valid_labels),
        "the loss",
        atol=LOSS_TOLERANCE,
        why=_explain_loss(number, train_labels, valid_labels),
        advice="Check each step by itself: frequencies, clipping, logarithms, mean.",
    )


def _divide(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def _agree(number: float, right: float, column: str) -> bool:
    """Return whether a score is right; if it divides by zero, 0.0 and NaN are.

    An f1 of 0 divides by zero too if it is computed from precision and recall.
    """
    if math.isnan(number):
        return math.isnan(right) or (column == "f1" and right == 0)
    expected = 0.0 if math.isnan(right) else right
    return abs(number - expected) <= SCORE_TOLERANCE


def _same(one: Scores, other: Scores, genres: Sequence[str], column: str) -> bool:
    return all(
        genre in one and _agree(one[genre][column], other[genre][column], column)
        for genre in genres
    )


def _columns(rows: list[Row]) -> list[list[Any]]:
    return [[row[name] for row in rows] for name in (rows[0] if rows else ())]


def _read_score(row: Row, column: str) -> float:
    cell = row[column]
    expect.that(
        is_number(cell),
        f'the column "{column}" does not hold numbers.',
        expected="numbers",
        got=expect.describe(cell),
        advice=WRITING,
    )
    return float(cell)


def _expect_listed(got: Scores, genre: str) -> None:
    expect.that(
        genre in got,
        "the table does not list every genre.",
        expected=f"a row for {genre}",
        got=f"rows for {', '.join(got)}" if got else "no row of any genre",
        advice="Go through the names you are given, not through those that occur.",
    )


def _explain_loss(number: Any, train_labels: Any, valid_labels: Any) -> str:
    """Say which mistake leads to a wrong loss."""
    if number.shape != ():
        return ""
    if not math.isfinite(number):
        return "The logarithm of 0 is not finite: a frequency was not clipped."
    right = find_baseline(train_labels, valid_labels)
    mistakes = {
        find_baseline(valid_labels, valid_labels): "That is the loss for the "
        "frequencies of the validation films, which a model that has looked at "
        "nothing cannot know.",
        find_baseline(train_labels, train_labels): "That is the loss on the training "
        "films.",
        right * len(valid_labels[0]): "That is the sum over the genres, not their "
        "mean.",
        right / math.log(2): "That is the loss with logarithms to the base 2.",
    }
    found = (why for loss, why in mistakes.items() if abs(number - loss) <= 1e-6)
    return next(found, "")
