"""Bars of per-genre scores: made-up tables, and what a figure shows of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reelmark.checks import Axes, Bars, Figure, Submission, Text, Tick, expect, shared
from support.figures import (
    LIMITS,
    OTHER_FIGURE,
    QUANTITIES,
    figure_of,
    has_word,
    headings,
    middle,
    named,
    plain,
)

SCORES = ("precision", "recall", "f1")

TOLERANCE = 1e-6
"""Lengths are the numbers of the table, which may have passed through float32."""

MOST = 0.5
"""Bars belong to a score if this share of them has its numbers."""

LETTER_HEIGHT = 0.75
"""Capitals of common fonts are about this part of the font's size high."""

LINE_SPACING = 1.2
TOUCHING = 0.95
"""Names may come so close that their boxes overlap a little without touching."""

A_PIXEL = 1.0

WIDE = 0.6
"""Share of a bar's width that must be visible at the end of an axis."""

THINNER = 0.8
"""Largest share of a bar's width that a bar in front of it may hide."""

COVERED = 0.25
"""Share of a bar: neighbours with outlines may overlap a little."""

SHORT = 0.05
"""Share of an axis: a longest bar below it tells nobody how long the others are."""

MOST_BARS = 300

Places = dict[str, tuple[float, Text]]
"""The position of a genre's name along the bars' axis, in pixels, and its text."""


@dataclass(frozen=True, eq=False)
class Scored:
    """A made-up table of scores and the title of its figure."""

    title: str
    table: pd.DataFrame

    @property
    def supports(self) -> dict[str, int]:
        """The number of films of each genre, in the table's order."""
        return dict(zip(self.table.index, self.table["support"], strict=True))


def make_scored(
    title: str, genres: Sequence[str], supports: Sequence[int], step: int
) -> Scored:
    """Make a table in which no number occurs twice; 0 where there are no films.

    Args:
        title: The title that its figure must have.
        genres: The genres' names.
        supports: The number of films of each.
        step: Coprime to 101; each step gives a different table.
    """
    has_films = np.asarray(supports) > 0
    mixed = step * np.arange(1, 2 * len(genres) + 1) % 101 / 101
    precision, recall = np.where(has_films, np.split(mixed, 2), 0.0)
    f1 = 2 * precision * recall / np.where(has_films, precision + recall, 1.0)
    columns = {"precision": precision, "recall": recall, "f1": f1}
    table = pd.DataFrame({**columns, "support": list(supports)}, index=list(genres))
    return Scored(title, table)


@shared
def get_scores_figure(submission: Submission, scored: Scored) -> Figure:
    """Return the student's figure of a table, if it is a figure."""
    evaluation = submission.evaluation
    return figure_of(evaluation.plot_genre_scores(scored.table, scored.title))


def draw_before(submission: Submission, scored: Scored) -> Any:
    """Let the student's function draw a table, for what that leaves behind."""
    plot = submission.evaluation.plot_genre_scores
    return submission.ingredients.call_before(plot, scored.table, scored.title)


class DrawnScores:
    """A figure of a table of scores, with its bars and the names beside them.

    Args:
        figure: What the student's function drew.
        scored: The table that it was given.
    """

    def __init__(self, figure: Figure, scored: Scored) -> None:
        self._figure = figure
        self._scored = scored
        # A genre without films has no score: it need not have a place.
        self._genres = [genre for genre, films in scored.supports.items() if films]
        self._groups = [(panel, bars) for panel in figure.axes for bars in panel.bars]
        self._names: dict[tuple[int, bool], Places] = {}
        self._most: dict[bool, Places] = {}

    def expect_bars_beside_names(self) -> None:
        """Expect the three scores of each genre as bars, beside its name."""
        expect.that(
            bool(self._groups),
            "the figure shows no bars.",
            expected="bars for the precision, the recall and the f1 of every genre",
            got="no bars",
            advice=OTHER_FIGURE,
        )
        self._expect_names()
        for column in SCORES:
            self._expect_lengths(column)
            self._expect_seen(column)
            self._expect_named(column)
        self._expect_looks()
        self._expect_apart()

    def expect_sorted(self) -> None:
        """Expect the genres in the order of their support, the largest first.

        Horizontal bars may begin at the bottom or at the top. Several panels are read
        from left to right, and then from top to bottom.
        """
        places = self._expect_scores()
        for panel, bars in places:
            along = _in_order(self._find_names(panel, bars))
            supports = [self._scored.supports[genre] for genre in along]
            falling = sorted(supports, reverse=True)
            expect.that(
                supports == falling or (bars.horizontal and supports == falling[::-1]),
                "the genres are not sorted by support.",
                expected=_listed(self._rank(along)),
                got=_listed(along[::-1] if bars.horizontal else along),
                why="The genre with the fewest films comes first."
                if supports == falling[::-1]
                else "",
                advice="Sort the table first; then take names and bars from it.",
            )
        self._expect_panels_sorted(places)

    def _rank(self, genres: Iterable[str]) -> list[str]:
        """Return genres in the order of their support, the largest first."""
        return sorted(genres, key=lambda genre: -self._scored.supports[genre])

    def _expect_panels_sorted(self, places: list[tuple[Axes, Bars]]) -> None:
        """Expect panels that divide the genres among them to do so by support."""
        first = {id(panel): (panel, bars) for panel, bars in reversed(places)}
        in_reading_order = sorted(
            first.values(), key=lambda place: (-round(place[0].box[3]), place[0].box[0])
        )
        parts = {
            frozenset(names): self._rank(names)
            for names in (self._find_names(*place) for place in in_reading_order)
        }
        read = [genre for part in parts.values() for genre in part]
        supports = [self._scored.supports[genre] for genre in read]
        expect.that(
            len(parts) == 1 or supports == sorted(supports, reverse=True),
            "the panels do not share out the genres by their support.",
            expected=_listed(self._rank(read)),
            got=_listed(read),
            advice="Sort the table first; then divide it.",
        )

    def expect_readable(self) -> None:
        """Expect no genre's name to overlap the next."""
        for panel, bars in self._expect_scores():
            places = self._find_names(panel, bars)
            crossed = [
                f"{one} and {other}"
                for one, other in itertools.pairwise(_in_order(places))
                if _overlap(places[one][1], places[other][1])
            ]
            expect.that(
                not crossed,
                "names of genres overlap.",
                expected=f"{len(places)} names that can be read",
                got=f"{_listed(crossed, most=3)} overlap",
                advice="Turn the names or the bars, or give the figure more room.",
            )

    def _expect_names(self) -> None:
        found = {genre for place in self._groups for genre in self._find_names(*place)}
        missing = [genre for genre in self._genres if genre not in found]
        panel, bars = self._groups[0]
        ticks = [tick.label.text for tick in _ticks(panel, bars.horizontal)]
        are_numbers = all(text.strip("-\u2212.0123456789") == "" for text in ticks)
        expect.that(
            not missing,
            "genres are not named beside the bars.",
            expected=_listed(missing),
            got=_listed(ticks) or "no words",
            why="Numbers stand where a reader looks for the names of genres."
            if ticks and are_numbers
            else "",
            advice="The names of the genres are the table's index.",
        )

    def _expect_scores(self) -> list[tuple[Axes, Bars]]:
        """Expect bars with numbers of the table beside names; return them."""
        scores = self._scored.table[list(SCORES)].to_numpy().ravel()
        found = [
            (panel, bars)
            for panel, bars in self._groups
            if _are(plain(bars.lengths), scores[scores > 0]).any()
        ]
        most = max((len(self._find_names(*place)) for place in found), default=0)
        expect.that(
            most > 1,
            "the figure shows no bars of scores beside names of genres.",
            expected="a bar for each score, and the genre's name beside it",
            got=f"{len(found)} groups of bars, {most} names of genres beside them",
            advice="Mend the bars first: they are the scores that were given.",
        )
        return found

    def _expect_lengths(self, column: str) -> None:
        """Expect a column's numbers as bars, each beside the name of its genre."""
        scores = self._scored.table[column].loc[self._genres]
        beside = self._lengths_beside()
        drawn = [length for lengths in beside.values() for length in lengths]
        expect.that(
            bool(_are(drawn, scores).any()),
            f"no bars show the {column}.",
            expected="bars for the precision, the recall and the f1 of every genre",
            got="bars with other numbers",
            advice="Each genre has three scores, and each of them wants its bar.",
        )
        lost = [g for g in self._genres if not _are(beside[g], [scores[g]]).any()]
        strange = [g for g in lost if _are(beside[g], scores.drop(g)).any()]
        example = (strange or lost or self._genres)[0]
        got = [f"{length:.4f}" for length in beside[example]]
        expect.that(
            not lost,
            f"the {column} of {_count(lost)} is not beside the genre's name.",
            expected=f"{example}: {scores[example]:.4f}",
            got=f"{example}: {_listed(got) or 'no bar'}",
            why=f"The {column} of another genre stands beside the name."
            if strange
            else "",
            advice="Take names and lengths from one table, in one and the same order.",
        )

    def _expect_seen(self, column: str) -> None:
        """Expect the limits of the axes not to cut off any bar's length."""
        scores = self._scored.table[column].loc[self._genres]
        seen = self._lengths_beside(only_seen=True)
        reasons = {bars.unseen for _, bars in self._find_holders(column)} - {""}
        # A bar without length cannot be seen anyway.
        unseen = [
            g
            for g in self._genres
            if scores[g] and not _are(seen[g], [scores[g]]).any()
        ]
        expect.that(
            not unseen,
            f"the {column} of {_count(unseen)} cannot be seen whole.",
            expected="bars that stand out from what is behind them"
            if reasons
            else "bars within the limits of their axes, from end to end",
            got=f"{', '.join(sorted(reasons)) or 'cut off, or outside'}: "
            f"{_listed(unseen)}",
            advice="Which colour and transparency are the bars drawn with?"
            if reasons
            else LIMITS,
        )
        holders = self._find_holders(column)
        longest = max((_share_of_panel(*place) for place in holders), default=1.0)
        expect.that(
            longest >= SHORT,
            f"the bars of the {column} are too short to be read.",
            expected=f"a longest bar of {SHORT:.0%} of the axis, or more",
            got=f"one of {longest:.1%}, with a score of {scores.max():.4f}",
            advice="What else is drawn on this axis, and how far does it reach?",
        )

    def _expect_apart(self) -> None:
        """Expect no bar to cover another."""
        scores = self._scored.table[list(SCORES)].to_numpy().ravel()
        drawn = [
            (*box, bars.horizontal)
            for _, bars in self._groups
            if _are(plain(bars.lengths), scores[scores > 0]).mean() > MOST
            for box in plain_boxes(bars.seen_boxes)
        ]
        # With more bars than this, nobody could tell one from the next.
        table = np.array(drawn[:MOST_BARS]).reshape(-1, 5)
        covered = int(_are_covered(table[:, :4], table[:, 4] > 0).sum())
        expect.that(
            covered == 0,
            f"{covered} of {len(drawn)} bars are covered by bars drawn after them.",
            expected="a place of its own for each bar",
            got="bars that lie on one another",
            advice="How wide is a bar, and how far is it from one score to the next?",
        )

    def _expect_named(self, column: str) -> None:
        """Expect words that say which bars are a score, and none that deny it."""
        holders = self._find_holders(column)
        for panel, bars in holders:
            around = " ".join(headings(panel))
            words = named(bars.legend, QUANTITIES) or named(around, QUANTITIES)
            expect.that(
                not words or column in words,
                f"the bars of the {column} are labelled as something else.",
                expected=f"words for the {column}",
                got=repr(bars.legend or around),
                why="The bars' lengths and the words for them do not belong together.",
                advice="Take a column and its label from one and the same name.",
            )
        unseen = any(column in named(bars.label, QUANTITIES) for _, bars in holders)
        expect.that(
            column in named(self._figure.all_text(), QUANTITIES),
            f"nothing says which bars are the {column}.",
            expected="a legend or titles that name the three scores",
            got="no such word in the figure",
            why="The bars have labels, but no legend shows them." if unseen else "",
            advice="A label is read only where a legend, a title or a text shows it.",
        )

    def _expect_looks(self) -> None:
        """Expect no two scores to look the same, if only a legend could tell."""
        looks = {
            column: {(id(p), bars.look) for p, bars in self._find_holders(column)}
            for column in SCORES
        }
        for one, other in itertools.combinations(SCORES, 2):
            both = self._find_holders(one) + self._find_holders(other)
            said = " ".join(self._said_around(both))
            expect.that(
                not looks[one] & looks[other] or one in named(said, QUANTITIES),
                f"the bars of the {one} look like those of the {other}.",
                expected="a colour, or a panel, for each score",
                got="one and the same look",
                why="A legend tells colours apart, and here they are one.",
                advice="Which colour do the bars of each score get?",
            )

    def _said_around(self, places: Sequence[tuple[Axes, Bars]]) -> Iterable[str]:
        """Find what is written in and around panels, but for their legends."""
        yield self._figure.title
        yield from (text.text for text in self._figure.texts)
        for panel, bars in places:
            yield from headings(panel)
            yield from (text.text for text in panel.texts)
            yield from (tick.label.text for tick in _ticks(panel, bars.horizontal))

    def _find_holders(self, column: str) -> list[tuple[Axes, Bars]]:
        """Find bars of a score: those alone, or among bars that look the same."""
        holders = []
        table = self._scored.table.loc[self._genres, list(SCORES)]
        for panel, bars in self._groups:
            lengths = plain(bars.lengths)
            shares = {name: _are(lengths, table[name]).mean() for name in SCORES}
            is_mixed = max(shares.values()) <= MOST < sum(shares.values())
            if shares[column] > MOST or (is_mixed and shares[column] > 0):
                holders.append((panel, bars))
        return holders

    def _lengths_beside(self, *, only_seen: bool = False) -> dict[str, list[float]]:
        """Return the lengths of the bars whose nearest name is the genre's.

        Args:
            only_seen: Whether to skip bars that are cut by the limits of their axes.
        """
        beside: dict[str, list[float]] = {genre: [] for genre in self._scored.supports}
        for panel, bars in self._groups:
            places = self._find_names(panel, bars)
            names, spots = list(places), np.array([spot for spot, _ in places.values()])
            pixels, lengths = plain(bars.pixels), plain(bars.lengths)
            shown = _are_whole(bars)
            if names and len(pixels) == len(lengths):
                nearest = np.abs(spots - pixels[:, None]).argmin(axis=1)
                for place, length, is_seen in zip(nearest, lengths, shown, strict=True):
                    if is_seen or not only_seen:
                        beside[names[place]].append(float(length))
        return beside

    def _find_names(self, panel: Axes, bars: Bars) -> Places:
        """Find the genres' names along the bars' axis, here or in another panel."""
        own = self._find_in(panel, bars.horizontal)
        if len(own) > MOST * len(plain(bars.lengths)):
            return own
        # Panels that share an axis are labelled only once.
        return self._find_most(bars.horizontal)

    def _find_most(self, horizontal: bool) -> Places:
        if horizontal not in self._most:
            found = (self._find_in(panel, horizontal) for panel in self._figure.axes)
            self._most[horizontal] = max(found, key=len, default={})
        return self._most[horizontal]

    def _find_in(self, panel: Axes, horizontal: bool) -> Places:
        key = (id(panel), horizontal)
        if key not in self._names:
            self._names[key] = self._read_names(panel, horizontal)
        return self._names[key]

    def _read_names(self, panel: Axes, horizontal: bool) -> Places:
        axis = 1 if horizontal else 0
        by_hand = [(middle(text)[axis], text) for text in panel.texts]
        ticks = [(tick.pixel, tick.label) for tick in _ticks(panel, horizontal)]
        return {
            genre: (spot, text)
            for spot, text in (*by_hand, *ticks)
            for genre in self._scored.supports
            if has_word(text.text, genre)
        }


def plain_boxes(boxes: Any) -> Any:
    """Return boxes as a float array, shape (boxes, 4)."""
    return np.asarray(boxes, dtype=np.float64).reshape(-1, 4)


def _are_whole(bars: Bars) -> Any:
    """Return, for each bar, whether its whole length can be seen.

    A bar at the end of an axis may lose part of its width.
    """
    whole, seen = plain_boxes(bars.boxes), plain_boxes(bars.seen_boxes)
    along, across = (0, 1) if bars.horizontal else (1, 0)
    lost = _extent(whole, along) - _extent(seen, along)
    wide = _extent(seen, across) >= WIDE * _extent(whole, across)
    return (lost <= A_PIXEL) & wide & (not bars.unseen)


def _share_of_panel(panel: Axes, bars: Bars) -> float:
    """Return how much of its panel the longest bar takes, from 0 to 1."""
    along = 0 if bars.horizontal else 1
    longest = _extent(plain_boxes(bars.seen_boxes), along).max(initial=0.0)
    whole = _extent(np.array([panel.box], dtype=np.float64), along)[0]
    return float(longest / whole) if whole > 0 else 0.0


def _extent(boxes: Any, axis: int) -> Any:
    return boxes[:, axis + 2] - boxes[:, axis]


def _are_covered(boxes: Any, lying: Any) -> Any:
    """Return, for each bar, whether a bar that is drawn later covers much of it.

    A thinner bar in front of a wider one leaves enough of it visible.

    Args:
        boxes: Left, bottom, right, top of each bar in the order in which they are
            drawn, shape (bars, 4).
        lying: Whether each bar is horizontal.
    """
    overlap = np.ones((len(boxes), len(boxes)))
    for axis in (0, 1):
        low = np.maximum.outer(boxes[:, axis], boxes[:, axis])
        high = np.minimum.outer(boxes[:, axis + 2], boxes[:, axis + 2])
        overlap *= np.clip(high - low, 0, None)
    widths, heights = _extent(boxes, 0), _extent(boxes, 1)
    smaller = np.minimum.outer(widths * heights, widths * heights)
    # Across the bar below: how thick it is, and how thick the one above.
    above = np.where(lying[:, None], heights, widths)
    thinner = above <= THINNER * np.diag(above)[:, None]
    later = ~np.tri(len(boxes), dtype=bool)
    covers = later & (overlap > COVERED * smaller) & (smaller > A_PIXEL) & ~thinner
    return covers.any(axis=1)


def _ticks(panel: Axes, horizontal: bool) -> list[Tick]:
    return panel.yticks if horizontal else panel.xticks


def _in_order(places: Places) -> list[str]:
    return sorted(places, key=lambda genre: places[genre][0])


def _overlap(one: Text, other: Text) -> bool:
    """Return whether two texts, rotated by the same angle, run into each other."""
    angle = math.radians(one.rotation)
    (x, y), (other_x, other_y) = middle(one), middle(other)
    dx, dy = other_x - x, other_y - y
    along = abs(dx * math.cos(angle) + dy * math.sin(angle))
    across = abs(dy * math.cos(angle) - dx * math.sin(angle))
    reach = TOUCHING * (_length(one, angle) + _length(other, angle)) / 2
    return along < reach and across < TOUCHING * (_height(one) + _height(other)) / 2


def _height(text: Text) -> float:
    lines = text.text.count("\n")
    return text.size * (LETTER_HEIGHT + LINE_SPACING * lines)


def _length(text: Text, angle: float) -> float:
    """Return the length of a rotated text, given the upright box around it."""
    left, bottom, right, top = text.box
    cosine, sine = abs(math.cos(angle)), abs(math.sin(angle))
    height = text.size * LINE_SPACING * (1 + text.text.count("\n"))
    if cosine > sine:
        return (right - left - height * sine) / cosine
    return (top - bottom - height * cosine) / sine


def _are(lengths: Any, scores: Any) -> Any:
    """Return, for each length, whether it is one of the scores, perhaps in percent."""
    values = np.asarray(lengths, dtype=np.float64)[:, None]
    wanted = np.asarray(scores, dtype=np.float64)
    is_part = np.isclose(values, wanted, rtol=0, atol=TOLERANCE)
    is_percent = np.isclose(values, 100 * wanted, rtol=0, atol=100 * TOLERANCE)
    return (is_part | is_percent).any(axis=1)


def _count(genres: Sequence[str]) -> str:
    return f"{len(genres)} genre{'s' * (len(genres) != 1)}"


def _listed(words: Sequence[str], most: int = 5) -> str:
    return ", ".join(words[:most]) + (", ..." if len(words) > most else "")
