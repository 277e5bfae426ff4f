"""Two ranked lists on a page about a film: where they are, and whose they are.

A page is read as a person reads it, by words and their positions.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reelmark.checks import Figure, Text, expect
from support.figures import find_word, has_word, middle, named, plain
from support.film_pages import Page, expect_names

MODELS = {"CNN": r"cnn|convolution", "LSTM": r"lstm"}

MANY_HEADS = 100
"""The most lines that name one model: a page has two, or one for each of its genres."""

LENGTH_TOLERANCE = 1e-6
"""Bars are as long as the probability, which may have passed through float32."""


@dataclass(frozen=True)
class Written:
    """A line of a text in a figure, with its position and its panel."""

    words: str
    left: float
    x: float
    y: float
    text: Text
    panel: int


class DrawnLists:
    """A figure of a film, with the two ranked lists in it.

    Args:
        figure: What the student's function drew.
        page: What it was given.
    """

    def __init__(self, figure: Figure, page: Page) -> None:
        self._figure = figure
        self._page = page
        self._words = figure.all_text()
        self._lines = [
            line
            for number, panel in enumerate(figure.axes)
            for text in panel.writing
            for line in _lines_of(text, number)
        ]
        self._lines += [line for text in figure.texts for line in _lines_of(text, -1)]
        self._entries = {
            (number, entry)
            for number, panel in enumerate(figure.axes)
            for entry in panel.legend
        }
        self._owner = {
            genre: model for model, top in page.rankings.items() for genre, _ in top
        }

    def expect_lists(self) -> None:
        """Expect the genres of both rankings, in order, under their models' names."""
        self.expect_names()
        for model, top in self._page.rankings.items():
            self._expect_rank(model, [name for name, _ in top])
        for model in MODELS:
            expect.that(
                model in named(self._words, MODELS),
                f"nothing says which list is the {model}'s.",
                expected=f"the word {model}",
                got="no such word in the figure",
                advice="Put each model's name where its list begins.",
            )
        self._expect_owners()

    def expect_scores(self) -> None:
        """Expect each probability of both rankings with two decimals."""
        # Dots may lead from a name to its number.
        words = re.sub(r"\.{2,}", " ", self._words)
        if not re.search(r"\d", words):
            self._tell_no_numbers()
        panels = self._figure.axes
        ticks = {t.label.text for p in panels for t in (*p.xticks, *p.yticks)}
        numbers = set(re.findall(r"(?<![\d.])(?:\d*\.)?\d+%?", words))
        named_twice = [
            genre for top in self._page.rankings.values() for genre, _ in top
        ]
        shared = {genre for genre in named_twice if named_twice.count(genre) > 1}
        for model, top in self._page.rankings.items():
            for genre, score in top:
                two_decimals = f"{score:.2f}"
                percent = f"{100 * score:.2f}"
                allowed = {two_decimals, two_decimals[1:], percent, f"{percent}%"}
                others = {str(round(score, digits)) for digits in (1, 2, 3, 4, 6)}
                others |= {f"{100 * score:.0f}%", f"{100 * score:.1f}%", str(score)}
                got = sorted(numbers & others - ticks)
                is_short = str(round(score, 2)) in got
                expect.that(
                    bool(allowed & numbers),
                    f"a probability of the {model} is not written with two decimals.",
                    expected=f"{genre} {two_decimals}",
                    got=f"{genre} {got[0]}" if got else "no such number",
                    why=_why_no_number(is_short, is_shared=genre in shared),
                    advice="A format says how many decimals are written.",
                )

    def _tell_no_numbers(self) -> None:
        top = self._page.rankings["CNN"]
        expect.that(
            False,
            "no probability is written in the figure.",
            expected=", ".join(f"{genre} {score:.2f}" for genre, score in top),
            got="names without numbers",
            advice="The lists hold pairs: what stands beside each name?",
        )

    def expect_names(self) -> None:
        """Expect the genres of both rankings to be named."""
        for model, top in self._page.rankings.items():
            names = [name for name, _ in top]
            expect_names(
                self._words, names, f"genres of the {model}'s list are not named."
            )

    def expect_pairs(self) -> None:
        """Expect each genre with its own probability: in a line or row, or as a bar."""
        self._expect_pairs_in_lines()
        self._expect_pairs_in_rows()
        self._expect_bars_beside_names()

    def _expect_rank(self, model: str, names: Sequence[str]) -> None:
        """Expect a model's genres from the top down, or from the left to the right."""
        places = self._find_together(names)
        if not places:
            return
        if len({id(line.text) for line in places}) == 1:
            text = places[0].text.text
            along = sorted(names, key=lambda name: find_word(text, name))
        else:
            down = np.ptp([line.y for line in places])
            is_column = down >= np.ptp([line.x for line in places])
            spots = {
                name: -line.y if is_column else line.x
                for name, line in zip(names, places, strict=True)
            }
            along = sorted(names, key=spots.__getitem__)
        # Bars are stacked from the bottom, unless the axis is inverted.
        is_upwards = along == names[::-1] and all(map(self._is_tick, places))
        expect.that(
            along == list(names) or is_upwards,
            f"the {model}'s genres are not in the order of their rank.",
            expected=", ".join(names),
            got=", ".join(along),
            advice="Both lists come most probable first: keep their order.",
        )

    def _find_together(self, names: Sequence[str]) -> list[Written]:
        """Find a line for each name, in a single panel if one has them all."""
        by_panel: dict[int, dict[str, Written]] = {}
        anywhere: dict[str, Written] = {}
        for line in self._lines:
            for name in names:
                if has_word(line.words, name):
                    by_panel.setdefault(line.panel, {}).setdefault(name, line)
                    anywhere.setdefault(name, line)
        best = max(by_panel.values(), key=len, default={})
        found = best if len(best) == len(names) else anywhere
        # A name may be broken over two lines; then no line contains it.
        return [found[name] for name in names] if len(found) == len(names) else []

    def _is_tick(self, line: Written) -> bool:
        if line.panel < 0:
            return False
        panel = self._figure.axes[line.panel]
        ticks = [tick.label.text for tick in (*panel.xticks, *panel.yticks)]
        return line.text.text in ticks

    @property
    def _scores(self) -> dict[str, float]:
        """The probability of each genre; no genre is in both lists."""
        return {g: p for top in self._page.rankings.values() for g, p in top}

    def _expect_pairs_in_lines(self) -> None:
        """Expect genres and numbers to match in lines with as many of both."""
        scores = {genre: f"{score:.2f}" for genre, score in self._scores.items()}
        for line in self._lines:
            genres = [genre for genre in scores if has_word(line.words, genre)]
            genres.sort(key=lambda genre: find_word(line.words, genre))
            found = [score for score in scores.values() if score in line.words]
            found.sort(key=line.words.find)
            wrong = [
                pair
                for pair in zip(genres, found, strict=False)
                if scores[pair[0]] != pair[1] and len(genres) == len(found)
            ]
            expect.that(
                not wrong,
                "a genre and a probability stand together that do not belong together.",
                expected=f"{wrong[0][0]} {scores[wrong[0][0]]}" if wrong else "",
                got=" ".join(wrong[0]) if wrong else "",
                advice="A genre and its probability are a pair: move both at once.",
            )

    def _expect_pairs_in_rows(self) -> None:
        """Expect most numbers to belong to the one genre that is in their row."""
        scores = {genre: f"{score:.2f}" for genre, score in self._scores.items()}
        rows = [
            (genre, number.words.strip())
            for number in self._lines
            if number.words.strip() in scores.values()
            and (genre := self._genre_in_row(number))
        ]
        wrong = [(genre, got) for genre, got in rows if scores[genre] != got]
        expect.that(
            2 * len(wrong) <= len(rows),
            "genres and probabilities in one row do not belong together.",
            expected=f"{wrong[0][0]} {scores[wrong[0][0]]}" if wrong else "",
            got=" ".join(wrong[0]) if wrong else "",
            advice="A genre and its probability are a pair: move both at once.",
        )

    def _genre_in_row(self, number: Written) -> str:
        """Return the genre in the row of a number; empty if there are several."""
        row = [
            line
            for line in self._lines
            if line.panel == number.panel
            and abs(line.y - number.y) < line.text.size / 4
        ]
        words = " ".join(line.words for line in row)
        genres = [genre for genre in self._owner if has_word(words, genre)]
        return genres[0] if len(genres) == 1 else ""

    def _expect_bars_beside_names(self) -> None:
        """Expect a bar as long as a probability beside the name of its genre."""
        scores = self._scores
        for panel, bars in ((p, b) for p in self._figure.axes for b in p.bars):
            ticks = panel.yticks if bars.horizontal else panel.xticks
            spots = plain(np.array([tick.pixel for tick in ticks]))
            pixels = plain(bars.pixels)
            if len(spots) == 0 or len(pixels) != len(plain(bars.lengths)):
                continue
            nearest = np.abs(spots - pixels[:, None]).argmin(axis=1)
            for place, length in zip(nearest, plain(bars.lengths), strict=True):
                label = ticks[place].label.text
                named_there = [g for g in scores if has_word(label, g)]
                own = [g for g in scores if abs(scores[g] - length) < LENGTH_TOLERANCE]
                expect.that(
                    not own or not named_there or own[0] in named_there,
                    "a bar stands beside the name of another genre.",
                    expected=f"{own[0]} {scores[own[0]]:.2f}" if own else "",
                    got=f"{label} {length:.2f}",
                    why="The length of the bar is the probability of a genre that is "
                    "not named there.",
                    advice="Which list do the names along the axis come from, and "
                    "which the bars?",
                )

    def _expect_owners(self) -> None:
        """Expect most genres to be with the name of their own model."""
        claims = [*self._claims_of_texts(), *self._claims_of_bars()]
        wrong = [genre for genre, model in claims if self._owner[genre] != model]
        expect.that(
            2 * len(wrong) <= len(claims),
            "the two models' lists have changed places.",
            expected=" / ".join(
                f"{model}: {', '.join(genre for genre, _ in top)}"
                for model, top in self._page.rankings.items()
            ),
            got=f"{wrong[0]} under the other model's name" if wrong else "",
            advice="The CNN's list is the argument before the LSTM's.",
        )

    def _claims_of_texts(self) -> Iterator[tuple[str, str]]:
        """Find which model's name the genres are with: by text, panel, or distance."""
        heads = self._find_heads()
        claimed: set[str] = set()
        for text in {id(line.text): line.text for line in self._lines}.values():
            for genre, model in _claims_in(text.text, self._owner):
                claimed.add(genre)
                yield genre, model
        for line in self._lines:
            genres = [genre for genre in self._owner if has_word(line.words, genre)]
            models = self._models_near(line, heads) if genres else set()
            for genre in genres if len(models) == 1 else []:
                if genre not in claimed:
                    yield genre, next(iter(models))

    @functools.cached_property
    def _models_inside(self) -> dict[int, set[str]]:
        """The models that the lines of each panel name."""
        inside: dict[int, set[str]] = {}
        for line in self._lines:
            inside.setdefault(line.panel, set()).update(named(line.words, MODELS))
        return inside

    def _find_heads(self) -> list[Written]:
        """Find the lines that name one model; none unless both models are named."""
        heads = [line for line in self._lines if self._is_head(line)]
        expect.that(
            len(heads) <= MANY_HEADS,
            "the models are named too often to tell whose lists these are.",
            expected="each model's name where its list begins",
            got=f"{len(heads)} lines with the name of a model",
            advice="A name above each list is enough.",
        )
        names = {name for head in heads for name in named(head.words, MODELS)}
        return heads if len(names) == len(MODELS) else []

    def _is_head(self, line: Written) -> bool:
        """Return whether a line names one model, and no legend does the same."""
        entry = (line.panel, line.words)
        return len(named(line.words, MODELS)) == 1 and entry not in self._entries

    def _models_near(self, line: Written, heads: Sequence[Written]) -> set[str]:
        """Return the model of a line's panel, or else of its row or column."""
        models = self._models_inside[line.panel]
        if len(models) == 1:
            return models
        above = [head for head in heads if head.y > line.y - line.text.size]
        row = [head for head in above if abs(head.y - line.y) < line.text.size / 2]
        before = [head for head in row if head.left < line.left]
        nearest = min(
            before or above, key=lambda head: _distance(head, line), default=None
        )
        return named(nearest.words, MODELS) if nearest else set()

    def _claims_of_bars(self) -> Iterator[tuple[str, str]]:
        """Find the genres whose bars a legend assigns to a model."""
        scores = [pair for top in self._page.rankings.values() for pair in top]
        for bars in (bars for panel in self._figure.axes for bars in panel.bars):
            models = named(bars.legend, MODELS)
            for genre, score in scores if len(models) == 1 else []:
                apart = np.abs(plain(bars.lengths) - score)
                if (apart < LENGTH_TOLERANCE).any():
                    yield genre, next(iter(models))


def _why_no_number(is_short: bool, *, is_shared: bool) -> str:
    """Say why a probability is not written."""
    if is_short:
        return "A number that ends in 0 is rounded well, and written short."
    if is_shared:
        return "Both lists name this genre: each has a probability of its own for it."
    return ""


def _lines_of(text: Text, panel: int) -> Iterator[Written]:
    """Split a text into lines, each with its position."""
    lines = text.text.split("\n")
    left, bottom, _, top = text.box
    height = (top - bottom) / len(lines)
    for number, words in enumerate(lines):
        y = top - (number + 0.5) * height
        yield Written(words, left, middle(text)[0], y, text, panel)


def _claims_in(text: str, genres: Iterable[str]) -> list[tuple[str, str]]:
    """Return the genres of a text with the model named before them, if it is clear."""
    spots = [
        (m.start(), "", model)
        for model, p in MODELS.items()
        for m in re.finditer(p, text, re.IGNORECASE)
    ]
    spots += [
        (find_word(text, genre), genre, "") for genre in genres if has_word(text, genre)
    ]
    ordered = sorted(spots)
    # "CNN  LSTM" above two columns, or "Drama (CNN)": a program cannot tell.
    follow = itertools.pairwise(ordered)
    is_unclear = any(
        one[2] and other[2] and one[2] != other[2] for one, other in follow
    )
    if is_unclear or not ordered or ordered[0][1]:
        return []
    claims, model = [], ""
    for _, genre, new_model in ordered:
        model = new_model or model
        claims += [(genre, model)] if genre else []
    return claims


def _distance(head: Written, line: Written) -> float:
    """Return how far a line is from its head: by their middles or left edges."""
    aside = min(abs(head.x - line.x), abs(head.left - line.left))
    return math.hypot(aside, head.y - line.y)
