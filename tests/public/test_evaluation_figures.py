"""Section 4: the figures: learning curves, scores per genre, and single films."""

from __future__ import annotations

import pytest

from reelmark.checks import Submission
from support import curves, genre_bars
from support.curves import (
    CURVES,
    DrawnRun,
    Run,
    expect_lines,
    get_history_figure,
    train_second_model,
)
from support.figures import expect_new_figure, expect_title
from support.film_lists import DrawnLists
from support.film_pages import DrawnFilm, Page, get_film_figures
from support.films import PUBLIC
from support.genre_bars import (
    DrawnScores,
    get_scores_figure,
    make_scored,
)

# A bad first epoch, and values near 0 and 1: no range may be taken for granted.
RUN = Run(
    title="CNN on posters",
    curves={
        ("training", "loss"): [1.412, 0.301, 0.268, 0.251, 0.240, 0.231],
        ("training", "precision"): [0.018, 0.402, 0.568, 0.711, 0.847, 0.972],
        ("training", "recall"): [0.003, 0.158, 0.287, 0.422, 0.643, 0.767],
        ("validation", "loss"): [0.945, 0.289, 0.262, 0.249, 0.244, 0.246],
        ("validation", "precision"): [0.034, 0.421, 0.549, 0.593, 0.602, 0.608],
        ("validation", "recall"): [0.011, 0.149, 0.276, 0.301, 0.319, 0.328],
    },
)

EARLIER_RUN = Run(
    title="A first try",
    curves={
        curve: [value + 0.01 for value in values[:2]]
        for curve, values in RUN.curves.items()
    },
)

# The same course of training a little later, by a second model.
NUMBERED_RUN = Run(
    title="LSTM on overviews",
    curves={
        curve: [round(0.9 * value, 4) for value in values[1:]]
        for curve, values in RUN.curves.items()
    },
    names={"precision": "precision_1", "recall": "recall_1"},
)

SCORED = make_scored(
    title="CNN on posters",
    genres=PUBLIC.genres,
    supports=[
        *(259, 206, 61, 88, 551, 225, 0, 684, 129, 113, 34, 97, 47),
        *(19, 152, 3, 0, 0, 258, 104, 0, 29, 240, 41, 1),
    ],
    step=38,
)

EARLIER_SCORED = make_scored(
    title="A first try", genres=["Crime", "Drama"], supports=[12, 30], step=17
)

PAGE = Page(
    films=PUBLIC,
    row=4,
    cnn_top=[("Romance", 0.8741), ("Comedy", 0.4123), ("Horror", 0.2934)],
    lstm_top=[("Mystery", 0.9112), ("Crime", 0.7042), ("Sci-Fi", 0.1313)],
)

# A film of one word, a small poster of floats, and longer lists that share genres.
SMALL_PAGE = Page(
    films=PUBLIC,
    row=10,
    cnn_top=[("Musical", 0.9863), ("War", 0.5204), ("Music", 0.1049), ("News", 0.0031)],
    lstm_top=[
        ("War", 0.7318),
        ("Sport", 0.4402),
        ("Musical", 0.2087),
        ("Short", 0.0068),
    ],
    is_small=True,
)


@pytest.mark.check("4a-i", marks=0.25, rules=("new-figure", "learning-rate"))
def test_returns_a_figure_with_curves(submission: Submission) -> None:
    """plot_history() returns a figure with curves in it."""
    expect_lines(get_history_figure(submission, RUN))


@pytest.mark.check(
    "4a-i",
    marks=0.5,
    rules=("curves", "in-sight", "learning-rate"),
    after="test_returns_a_figure_with_curves",
)
def test_six_curves_are_the_history(submission: Submission) -> None:
    """Six curves show the numbers of the history, epoch by epoch."""
    DrawnRun(get_history_figure(submission, RUN), RUN).expect_curves()


@pytest.mark.check(
    "4a-i", marks=0.5, rules="labels", after="test_returns_a_figure_with_curves"
)
def test_labels_say_which_curve_is_which(submission: Submission) -> None:
    """Labels tell the curves apart, and each belongs to its curve."""
    DrawnRun(get_history_figure(submission, RUN), RUN).expect_labels()


@pytest.mark.check(
    "4a-i", marks=0.25, rules="title", after="test_returns_a_figure_with_curves"
)
def test_figure_of_a_run_has_its_title(submission: Submission) -> None:
    """The figure carries the title that was given."""
    expect_title(get_history_figure(submission, RUN), RUN.title)


@pytest.mark.check(
    "4a-i",
    marks=0.25,
    rules=("metric-names", "new-figure"),
    after="test_returns_a_figure_with_curves",
)
def test_numbered_metrics_are_found(submission: Submission) -> None:
    """A second model has a figure of its own, where Keras says precision_1."""
    first = DrawnRun(get_history_figure(submission, RUN), RUN)
    earlier = curves.draw_before(submission, EARLIER_RUN)
    figure = get_history_figure(submission, NUMBERED_RUN)
    expect_new_figure(submission, figure, earlier)
    drawn = DrawnRun(figure, NUMBERED_RUN)
    # A curve that is never drawn has cost marks already.
    drawn.expect_curves(first.found or CURVES)
    drawn.expect_none_of(EARLIER_RUN)


@pytest.mark.check(
    "4a-i", marks=0.25, rules="metric-names", after="test_returns_a_figure_with_curves"
)
def test_own_training_is_plotted(submission: Submission) -> None:
    """Your own metrics are plotted, by the names that compile_lstm() gives them."""
    first = DrawnRun(get_history_figure(submission, RUN), RUN)
    run = train_second_model(submission)
    drawn = DrawnRun(get_history_figure(submission, run), run)
    drawn.expect_plotted(first.found or CURVES)


@pytest.mark.check(
    "4a-iii",
    marks=0.25,
    rules=("bars", "names", "labels", "uncovered", "in-sight", "new-figure"),
)
def test_bars_stand_beside_their_genre(submission: Submission) -> None:
    """Every genre has its precision, recall and f1 as bars beside its name."""
    earlier = genre_bars.draw_before(submission, EARLIER_SCORED)
    figure = get_scores_figure(submission, SCORED)
    expect_new_figure(submission, figure, earlier)
    DrawnScores(figure, SCORED).expect_bars_beside_names()


@pytest.mark.check("4a-iii", marks=0.25, rules=("sorted", "readable", "title"))
def test_genres_are_sorted_and_readable(submission: Submission) -> None:
    """The genres are sorted by support, all 25 names can be read, and the title too."""
    figure = get_scores_figure(submission, SCORED)
    drawn = DrawnScores(figure, SCORED)
    drawn.expect_sorted()
    drawn.expect_readable()
    expect_title(figure, SCORED.title)


@pytest.mark.check(
    "4c-iii",
    marks=0.25,
    rules=("poster", "pixels", "overview", "on-the-page", "truth", "new-figure"),
)
def test_film_is_the_one_that_was_given(submission: Submission) -> None:
    """The poster, the whole overview and the true genres are those of one film."""
    figures = get_film_figures(submission, (SMALL_PAGE, PAGE))
    expect_new_figure(submission, *figures)
    for page, figure in zip((PAGE, SMALL_PAGE), reversed(figures), strict=True):
        drawn = DrawnFilm(figure, page)
        drawn.expect_poster()
        drawn.expect_overview()
        drawn.expect_truth()


@pytest.mark.check(
    "4c-iii",
    marks=0.25,
    rules=("models", "whole-lists", "rank", "two-decimals", "pairs"),
)
def test_both_rankings_are_there(submission: Submission) -> None:
    """Each model's genres are listed by rank, with probabilities to two decimals."""
    small, figure = get_film_figures(submission, (SMALL_PAGE, PAGE))
    drawn = DrawnLists(figure, PAGE)
    drawn.expect_lists()
    drawn.expect_scores()
    drawn.expect_pairs()
    # Where the lists share genres, who has which of them is not looked at again.
    drawn = DrawnLists(small, SMALL_PAGE)
    drawn.expect_names()
    drawn.expect_scores()
