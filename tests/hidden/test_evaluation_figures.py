"""Section 4: the figures, drawn of another run, another table and another film."""

from __future__ import annotations

import math

import pytest

from reelmark.checks import Submission
from support.curves import DrawnRun, Run, get_history_figure
from support.figures import expect_title
from support.film_lists import DrawnLists
from support.film_pages import DrawnFilm, Page, get_film_figures
from support.films import HIDDEN
from support.genre_bars import DrawnScores, get_scores_figure, make_scored


def _fall(start: float, end: float, pace: float) -> list[float]:
    """Return a curve that goes from one number to nearly another in 14 epochs."""
    return [end + (start - end) * math.exp(-epoch / pace) for epoch in range(14)]


RUN = Run(
    title="Overviews, read twice",
    curves={
        ("training", "loss"): _fall(0.52, 0.19, 3.0),
        ("training", "precision"): _fall(0.22, 0.71, 5.0),
        ("training", "recall"): _fall(0.05, 0.46, 6.0),
        ("validation", "loss"): _fall(0.39, 0.21, 2.0),
        ("validation", "precision"): _fall(0.27, 0.62, 4.0),
        ("validation", "recall"): _fall(0.07, 0.37, 5.0),
    },
)

SCORED = make_scored(
    title="LSTM on overviews",
    genres=HIDDEN.genres[::3],
    supports=[131, 95, 402, 12, 0, 377, 61, 1, 203],
    step=44,
)

PAGE = Page(
    films=HIDDEN,
    row=31,
    cnn_top=[("Drama", 0.9634), ("Western", 0.5021)],
    lstm_top=[("Thriller", 0.8312), ("Music", 0.0713)],
    is_small=True,
)


@pytest.mark.check(
    "4a-i", marks=0.5, rules="curves", after="test_six_curves_are_the_history"
)
def test_six_curves_are_those_of_another_history(submission: Submission) -> None:
    """Six curves show the numbers of another, longer history."""
    DrawnRun(get_history_figure(submission, RUN), RUN).expect_curves()


@pytest.mark.check(
    "4a-i", marks=0.5, rules="labels", after="test_labels_say_which_curve_is_which"
)
def test_labels_belong_to_the_curves_of_another_history(
    submission: Submission,
) -> None:
    """Labels tell the curves of another history apart, and each is right."""
    DrawnRun(get_history_figure(submission, RUN), RUN).expect_labels()


@pytest.mark.check(
    "4a-iii", marks=0.25, rules="bars", after="test_bars_stand_beside_their_genre"
)
def test_other_bars_stand_beside_their_genre(submission: Submission) -> None:
    """Every genre of another table has its three scores as bars beside its name."""
    figure = get_scores_figure(submission, SCORED)
    DrawnScores(figure, SCORED).expect_bars_beside_names()


@pytest.mark.check(
    "4a-iii", marks=0.25, rules="sorted", after="test_genres_are_sorted_and_readable"
)
def test_genres_of_another_table_are_sorted(submission: Submission) -> None:
    """The genres of another table are sorted by support, and can be read."""
    figure = get_scores_figure(submission, SCORED)
    drawn = DrawnScores(figure, SCORED)
    drawn.expect_sorted()
    drawn.expect_readable()
    expect_title(figure, SCORED.title)


@pytest.mark.check(
    "4c-iii", marks=0.25, rules="truth", after="test_film_is_the_one_that_was_given"
)
def test_another_film_is_the_one_that_was_given(submission: Submission) -> None:
    """The poster, the overview and the true genres of another film belong together."""
    (figure,) = get_film_figures(submission, (PAGE,))
    drawn = DrawnFilm(figure, PAGE)
    drawn.expect_poster()
    drawn.expect_overview()
    drawn.expect_truth()


@pytest.mark.check(
    "4c-iii", marks=0.25, rules="whole-lists", after="test_both_rankings_are_there"
)
def test_other_rankings_are_there(submission: Submission) -> None:
    """Two other rankings are listed by rank, with probabilities to two decimals."""
    (figure,) = get_film_figures(submission, (PAGE,))
    drawn = DrawnLists(figure, PAGE)
    drawn.expect_lists()
    drawn.expect_scores()
    drawn.expect_pairs()
