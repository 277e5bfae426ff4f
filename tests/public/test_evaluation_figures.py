"""Section 4: the figures: learning curves, scores per genre, and single films."""

from __future__ import annotations

import pytest

from reelmark.checks import Submission
from support.curves import CURVES, DrawnRun, Run, expect_lines, get_history_figure
from support.figures import expect_title
from support.film_lists import DrawnLists
from support.film_pages import DrawnFilm, Page, get_film_figure
from support.films import PUBLIC
from support.genre_bars import DrawnScores, get_scores_figure, make_scored

RUN = Run(
    title="CNN on posters",
    curves={
        ("training", "loss"): [0.412, 0.301, 0.268, 0.251, 0.240, 0.231],
        ("training", "precision"): [0.281, 0.402, 0.468, 0.511, 0.547, 0.572],
        ("training", "recall"): [0.112, 0.158, 0.187, 0.222, 0.243, 0.267],
        ("validation", "loss"): [0.345, 0.289, 0.262, 0.249, 0.244, 0.246],
        ("validation", "precision"): [0.334, 0.421, 0.449, 0.493, 0.502, 0.508],
        ("validation", "recall"): [0.131, 0.149, 0.176, 0.201, 0.219, 0.228],
    },
)

# The same course of training a little later, by a second model.
NUMBERED_RUN = Run(
    title="LSTM on overviews",
    curves={
        curve: [round(0.9 * value, 4) for value in values[1:]]
        for curve, values in RUN.curves.items()
    },
    suffix="_1",
)

SCORED = make_scored(
    title="CNN on posters",
    genres=PUBLIC.genres,
    supports=[
        *(259, 206, 61, 88, 551, 225, 0, 684, 129, 113, 34, 97, 47),
        *(19, 152, 3, 0, 0, 258, 104, 0, 29, 240, 41, 10),
    ],
    step=38,
)

PAGE = Page(
    films=PUBLIC,
    row=4,
    cnn_top=[("Romance", 0.8741), ("Comedy", 0.4123), ("Horror", 0.2934)],
    lstm_top=[("Mystery", 0.9112), ("Crime", 0.7042), ("Sci-Fi", 0.1313)],
)


@pytest.mark.check("4a-i", marks=0.25)
def test_returns_a_figure_with_curves(submission: Submission) -> None:
    """plot_history() returns a figure with curves in it."""
    expect_lines(get_history_figure(submission, RUN))


@pytest.mark.check("4a-i", marks=0.5, after="test_returns_a_figure_with_curves")
def test_six_curves_are_the_history(submission: Submission) -> None:
    """Six curves show the numbers of the history, epoch by epoch."""
    DrawnRun(get_history_figure(submission, RUN), RUN).expect_curves()


@pytest.mark.check("4a-i", marks=0.5, after="test_returns_a_figure_with_curves")
def test_labels_say_which_curve_is_which(submission: Submission) -> None:
    """Labels tell the curves apart, and each belongs to its curve."""
    DrawnRun(get_history_figure(submission, RUN), RUN).expect_labels()


@pytest.mark.check("4a-i", marks=0.25, after="test_returns_a_figure_with_curves")
def test_figure_of_a_run_has_its_title(submission: Submission) -> None:
    """The figure carries the title that was given."""
    expect_title(get_history_figure(submission, RUN), RUN.title)


@pytest.mark.check("4a-i", marks=0.5, after="test_returns_a_figure_with_curves")
def test_numbered_metrics_are_found(submission: Submission) -> None:
    """The curves of a second model are found, where Keras says precision_1."""
    of_first = DrawnRun(get_history_figure(submission, RUN), RUN)
    figure = get_history_figure(submission, NUMBERED_RUN)
    # A curve that is never drawn has cost marks already.
    DrawnRun(figure, NUMBERED_RUN).expect_curves(of_first.found or CURVES)


@pytest.mark.check("4a-iii", marks=0.25)
def test_bars_stand_beside_their_genre(submission: Submission) -> None:
    """Every genre has its precision, recall and f1 as bars beside its name."""
    figure = get_scores_figure(submission, SCORED)
    DrawnScores(figure, SCORED).expect_bars_beside_names()


@pytest.mark.check("4a-iii", marks=0.25)
def test_genres_are_sorted_and_readable(submission: Submission) -> None:
    """The genres are sorted by support, and all 25 names can be read."""
    drawn = DrawnScores(get_scores_figure(submission, SCORED), SCORED)
    drawn.expect_sorted()
    drawn.expect_readable()


@pytest.mark.check("4c-iii", marks=0.25)
def test_film_is_the_one_that_was_given(submission: Submission) -> None:
    """The poster, the whole overview and the true genres are those of one film."""
    drawn = DrawnFilm(get_film_figure(submission, PAGE), PAGE)
    drawn.expect_poster()
    drawn.expect_overview()
    drawn.expect_truth()


@pytest.mark.check("4c-iii", marks=0.25)
def test_both_rankings_are_there(submission: Submission) -> None:
    """Each model's genres are listed by rank, with probabilities to two decimals."""
    drawn = DrawnLists(get_film_figure(submission, PAGE), PAGE)
    drawn.expect_lists()
    drawn.expect_scores()
