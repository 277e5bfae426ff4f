"""Ranked genres of single films, and two models' answers beside the truth."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reelmark.checks import NotStarted, StudentError, Submission, expect
from support.scores import WRITING, Row, is_number, read_table

COLUMNS = ("Id", "Model", "Genre", "Probability", "Correct")

TOLERANCE = 1e-6
"""Probabilities are rounded to float32 on their way, which is good to 1e-7."""

MORE_DECIMALS = 0.0000345
"""Added to all probabilities: no rounding leaves them as they are."""

Pair = tuple[str, float]


def rank(probabilities: Any, genres: Sequence[str], k: int) -> list[Pair]:
    """Return the k most probable genres, most probable first."""
    pairs = [(genre, float(p)) for genre, p in zip(genres, probabilities, strict=True)]
    return sorted(pairs, key=lambda pair: -pair[1])[:k]


def expect_pairs(value: Any, genres: Sequence[str], k: int) -> list[Pair]:
    """Expect a list of k pairs of one of the genres and a probability."""
    pairs = expect.items(
        value,
        k,
        f"a list of k pairs (name, probability), k = {k}",
        advice="How many genres to name is the argument k.",
    )
    read = [_read_pair(pair) for pair in pairs]
    unknown = [genre for genre, _ in read if genre not in genres]
    expect.that(
        not unknown,
        "a name is not that of a genre.",
        expected=f"one of {', '.join(genres[:4])} ...",
        got=f"{unknown[0]!r}" if unknown else None,
        advice="The names are in the argument genres, in the order of the columns.",
    )
    return read


def expect_ranking(
    value: Any, probabilities: Any, genres: Sequence[str], k: int
) -> None:
    """Expect the k most probable genres, in order; ties may come in any order."""
    got = expect_pairs(value, genres, k)
    known = {genre: float(p) for genre, p in zip(genres, probabilities, strict=True)}
    expected = rank(probabilities, genres, k)
    fits = _are_of(got, known)
    why = _explain_misfit(got, known)
    order = zip(got, expected, strict=True)
    ranked = all(_near(mine[1], right[1]) for mine, right in order)
    expect.that(
        fits and ranked and len(dict(got)) == k,
        "these are not the most probable genres, best first.",
        expected=_tell(expected, got),
        got=_tell(got, expected),
        why=_explain_order(got, known) if fits else why,
        advice=_advise_order(got, known)
        if fits
        else _NAMES
        if why in _OFF_BY_ONE.values()
        else _PAIRS,
    )


@dataclass(frozen=True)
class Comparison:
    """What ``compare_films`` is given.

    Attributes:
        films: Rows of the CSV; their index is not 0, 1, 2 ...
        answers: By model, its probabilities, shape (films, genres), all different.
        genres: Names of the genres.
        k: How many genres per film and model.
    """

    films: pd.DataFrame
    answers: dict[str, Any]
    genres: Sequence[str]
    k: int

    @classmethod
    def make(
        cls, films: pd.DataFrame, genres: Sequence[str], k: int, dtype: Any
    ) -> Comparison:
        """Make answers that reveal mistakes, whichever function ranks them.

        The first two decimals of a probability and the following ones are drawn
        separately (`stand_ins.top_genres` ranks by the latter). Both bring some of a
        film's own genres to the top, and "Music" for a film that is really a "Musical":
        either ranking contains both correct and wrong genres.
        """
        random = np.random.default_rng(k)
        truth = films[list(genres)].to_numpy()
        # Of every other film a model is unsure: it gives no genre as much as one half.
        most = np.where(np.arange(len(films)) % 2, 40, 94)[:, None]
        answers = {
            model: _draw(random, truth, genres, most)
            + _draw(random, truth, genres, 94) / 100
            + MORE_DECIMALS
            for model in ("CNN", "LSTM")
        }
        made = {model: values.astype(dtype) for model, values in answers.items()}
        return cls(films, made, genres, k)

    def ask(self, submission: Submission, **arguments: int) -> Any:
        """Let the student compare."""
        cnn, lstm = self.answers["CNN"], self.answers["LSTM"]
        return submission.evaluation.compare_films(
            self.films, cnn, lstm, self.genres, **arguments
        )

    def expect_size(self, value: Any) -> list[Row]:
        """Expect k rows for each film and model; return the rows."""
        _, rows = read_table(value, COLUMNS)
        expected = 2 * self.k * len(self.films)
        expect.that(
            len(rows) == expected,
            "the table has the wrong number of rows.",
            expected=f"{expected}: {len(self.films)} films, 2 models, {self.k} genres",
            got=f"{len(rows)}",
            advice="One row is one genre of one model's answer for one film.",
        )
        for film, model in itertools.product(self.films["Id"], self.answers):
            found = len(_find_rows(rows, film, model))
            expect.that(
                found == self.k,
                "the rows are not those of each film and model.",
                expected=f"{self.k} rows with Id {film!r} and Model {model!r}",
                got=f"{found}; the first row has Id {rows[0]['Id']!r} and Model "
                f"{rows[0]['Model']!r}",
                advice='Ids are those of the films; models are "CNN" and "LSTM".',
            )
        return rows

    def expect_rows(self, submission: Submission, value: Any) -> None:
        """Expect each row to agree with its model's answer and its film's truth."""
        rows = self.expect_size(value)
        films = enumerate(self.films.to_dict("records"))
        for (position, film), model in itertools.product(films, self.answers):
            found = _find_rows(rows, film["Id"], model)
            answers = [_read_answer(row) for row in found]
            self._expect_genres(submission, position, model, answers)
            _expect_correct(film, answers)

    def _expect_genres(
        self, submission: Submission, position: int, model: str, answers: list[Any]
    ) -> None:
        """Expect the model's top genres for the film, with their probabilities."""
        got = [(genre, p) for genre, p, _ in answers]
        right = self._rank(model, position)
        if _same_order(got, right):
            return
        # Those from top_genres() are as good; its own task asks whether it is right.
        own = _ask_ranking(
            submission, self.answers[model][position], self.genres, self.k
        )
        why = self._explain(got, position, model)
        expect.that(
            _same(got, right) or _same(got, own),
            f"a film's genres, or their probabilities, are not those of the {model}.",
            expected=_tell(right, got),
            got=_tell(got, right),
            why=why,
            advice=_advise_rows(why),
        )
        expect.that(
            _same_order(got, own),
            "the rows of a film and model are not in the order of their rank.",
            expected=_tell(right, got),
            got=_tell(got, right),
            advice="The most probable genre comes first: keep the order that the "
            "ranking has.",
        )

    def _rank(self, model: str, position: int) -> list[Pair]:
        return rank(self.answers[model][position], self.genres, self.k)

    def _explain(self, got: list[Pair], position: int, model: str) -> str:
        other = next(name for name in self.answers if name != model)
        if _same(got, self._rank(other, position)):
            return "These are the answers of the other model."
        films = range(len(self.films))
        if any(_same(got, self._rank(model, film)) for film in films):
            return "These are the answers for another film."
        known = self._known(model, position)
        misfit = _explain_misfit(got, known) if dict(got).keys() <= known.keys() else ""
        if misfit in _OFF_BY_ONE.values():
            return misfit
        genres = {genre for genre, _ in got}
        if genres == {genre for genre, _ in self._rank(other, position)}:
            return f"These are the genres of the {other}."
        if genres != {genre for genre, _ in self._rank(model, position)}:
            return ""
        if _are_of(got, self._known(other, position)):
            return f"These are the probabilities of the {other}."
        return misfit

    def _known(self, model: str, position: int) -> dict[str, float]:
        return dict(
            zip(self.genres, self.answers[model][position].tolist(), strict=True)
        )


def _are_of(got: list[Pair], known: dict[str, float]) -> bool:
    """Return whether each probability is the one known for its genre."""
    return all(_near(p, known[genre]) for genre, p in got)


def _read_pair(value: Any) -> Pair:
    genre, probability = expect.items(value, 2, "a pair (name, probability)")
    _expect_name(genre)
    return genre, _read_probability(probability)


def _find_rows(rows: list[Row], film: str, model: str) -> list[Row]:
    """Return the rows of a film and model."""
    return [
        row
        for row in rows
        if all(isinstance(row[name], str) for name in ("Id", "Model"))
        and (row["Id"], row["Model"]) == (film, model)
    ]


def _read_answer(row: Row) -> tuple[str, float, bool]:
    """Expect a genre's name, a probability and whether it is correct."""
    genre, probability, correct = (row[name] for name in COLUMNS[2:])
    _expect_name(genre)
    is_truth = isinstance(correct, bool | int | float | np.generic)
    expect.that(
        is_truth and correct in (0, 1),
        'the column "Correct" does not hold True or False.',
        expected="True or False",
        got=expect.describe(correct),
        advice="The film's row has 1 or 0 for the genre: hand it on as True or False.",
    )
    return genre, _read_probability(probability), bool(correct)


def _expect_name(genre: Any) -> None:
    number = isinstance(genre, int | np.integer)
    vector = isinstance(genre, list | tuple | np.ndarray)
    expect.that(
        isinstance(genre, str),
        "a genre is not given by its name.",
        expected="a name, such as 'Drama'",
        got=expect.describe(genre),
        why="A number says where a genre stands in a list, not which one it is."
        * number
        + "A row of numbers does not tell a reader which genre is meant." * vector,
        advice="The names are in the argument genres, in the order of the columns.",
    )


def _read_probability(value: Any) -> float:
    expect.that(
        is_number(value),
        "a probability is not a number.",
        expected="a float",
        got=expect.describe(value),
        advice=WRITING,
    )
    return float(value)


def _expect_correct(film: dict[str, Any], answers: list[Any]) -> None:
    for genre, _, correct in answers:
        has_genre = bool(film[genre])
        expect.that(
            correct == has_genre,
            '"Correct" does not say whether the film has the genre.',
            expected=f"{has_genre} for {genre} of {film['Id']}",
            got=f"{correct}",
            advice="The truth is in the film's row, in the column named as the genre.",
        )


def _draw(
    random: np.random.Generator, truth: Any, genres: Sequence[str], most: Any
) -> Any:
    """Draw numbers in [0, 1) with two decimals, one row per film, none twice in it.

    They end below ``most`` and 3 hundredths, the same for all films or one a film.
    """
    wanted = truth.copy()
    names = list(genres)
    musical, music = names.index("Musical"), names.index("Music")
    wanted[:, music] |= wanted[:, musical]
    lifted = wanted * random.integers(0, 2, truth.shape)
    keys = random.random(truth.shape) + lifted
    places = keys.argsort(axis=1).argsort(axis=1)  # the rank of each genre, from 0
    return (3 + places * most // truth.shape[1]) / 100


def _explain_misfit(got: list[Pair], known: dict[str, float]) -> str:
    """Say what happened to probabilities that are not those of their genres.

    Args:
        got: Genres and probabilities.
        known: The probability of each genre, in the order of the columns.
    """
    names = list(known)
    for step, why in _OFF_BY_ONE.items():
        moved = dict(zip(names, [*names[-step:], *names[:-step]], strict=True))
        # With a single pair it could be chance.
        if len(got) > 1 and all(_near(p, known[moved[genre]]) for genre, p in got):
            return why
    ratios = [p / known[genre] for genre, p in got if known[genre]]
    if all(abs(p - known[genre]) <= 0.005 for genre, p in got):
        return "The probabilities were rounded."
    if ratios and all(abs(ratio - ratios[0]) <= 1e-4 * ratios[0] for ratio in ratios):
        return f"Each probability is {ratios[0]:.4g} times the one that came in."
    if all(any(_near(p, other) for other in known.values()) for _, p in got):
        return "A probability stands beside a genre that it does not belong to."
    return ""


_OFF_BY_ONE = {
    1: "Each name is that of the next genre: the names are off by one.",
    -1: "Each name is that of the genre before: the names are off by one.",
}
_PAIRS = "A genre and its probability are moved together, and stay as they are."
_NAMES = "Which name belongs to column 0 of the probabilities, and which to the last?"


def _explain_order(got: list[Pair], known: dict[str, float]) -> str:
    values = [probability for _, probability in got]
    names = [genre for genre, _ in got]
    twice = [genre for genre in names if names.count(genre) > 1]
    if twice:
        return f"{twice[0]} is named twice."
    if _are_least(got, known):
        return "These are the least probable genres."
    if len(values) > 1 and values == sorted(values):
        return "The least probable of them comes first."
    if values != sorted(values, reverse=True):
        return "A less probable genre comes before a more probable one."
    return "A genre is left out that is as probable, or more so."


def _are_least(got: list[Pair], known: dict[str, float]) -> bool:
    """Return whether these are the least probable genres, if there are others."""
    least = sorted(known.values())[: len(got)]
    values = sorted(probability for _, probability in got)
    is_same = all(_near(*pair) for pair in zip(values, least, strict=True))
    return len(got) < len(known) and is_same


def _advise_order(got: list[Pair], known: dict[str, float]) -> str:
    values = [probability for _, probability in got]
    is_falling = values == sorted(values, reverse=True)
    if len(dict(got)) < len(got) or (is_falling and not _are_least(got, known)):
        return "Two genres may be equally probable: each of them has its place."
    return "Which end of the order holds the most probable genre?"


def _advise_rows(why: str) -> str:
    if why in _OFF_BY_ONE.values():
        return _NAMES
    if why.startswith(("The probabilities were", "Each probability")):
        return _PAIRS
    if " of the " in why:
        return "Which model's ranking does a row take its genre and probability from?"
    return "Row i of films belongs to row i of both arrays, by position."


def _ask_ranking(
    submission: Submission, probabilities: Any, genres: Sequence[str], k: int
) -> list[Pair]:
    """Return what ``top_genres`` gives; empty if it is of no use."""
    try:
        value = submission.evaluation.top_genres(probabilities, genres, k)
        return expect_pairs(value, genres, k)
    except (NotStarted, StudentError, AssertionError):
        return []


def _same(got: list[Pair], expected: list[Pair]) -> bool:
    """Return whether two rankings have the same genres and probabilities."""
    mine, theirs = dict(got), dict(expected)
    return (
        len(got) == len(expected)
        and set(mine) == set(theirs)
        and all(_near(mine[genre], theirs[genre]) for genre in mine)
    )


def _same_order(got: list[Pair], expected: list[Pair]) -> bool:
    """Return whether two rankings are the same, place by place."""
    return [genre for genre, _ in got] == [genre for genre, _ in expected] and _same(
        got, expected
    )


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE


SHOWN = 4


def _tell(pairs: list[Pair], others: list[Pair]) -> str:
    """Write some pairs, including the first in which the lists differ."""
    places = range(max(len(pairs), len(others)))
    first = next((i for i in places if pairs[i : i + 1] != others[i : i + 1]), 0)
    start = max(0, first - SHOWN + 1)
    shown, hidden = _write(pairs[start:], 4), _write(others[start:], 4)
    if shown == hidden:
        shown = _write(pairs[start:], 7)
    before, after = ["..."] * (start > 0), ["..."] * (len(pairs) > start + SHOWN)
    return ", ".join([*before, *shown, *after])


def _write(pairs: list[Pair], digits: int) -> list[str]:
    return [f"{genre} {p:.{digits}g}" for genre, p in pairs[:SHOWN]]
