"""Evidence on films: how they are told apart, and the loss of weights on them."""

from __future__ import annotations

import numpy as np
import pytest

from kit.stage.classes import real_coursework
from reelmark.course.evidence.reproduction import load_reproducer
from reelmark.errors import Mismatch


class TestFilms:
    """How films are told apart without telling their genres."""

    def test_order_of_films_does_not_matter(self) -> None:
        """Whatever order a dataset gives, each film is identified by its number."""
        films = load_reproducer(real_coursework())
        order = np.random.default_rng(1).permutation(1265)
        numbers = films.number_films(1265, 25)
        assert (films.read_numbers(numbers[order], 1265) == order).all()

    @pytest.mark.parametrize(
        ("answers", "why"),
        [
            (np.full((2, 3), 0.5), "shape"),
            (np.ones((1, 3), int), "type int64"),
            (np.full((1, 3), np.nan), "not every answer"),
            (np.full((1, 3), 1.5), "not every answer"),
        ],
        ids=["films", "type", "nan", "above 1"],
    )
    def test_answers_that_are_no_probabilities_are_refused(
        self, answers: np.ndarray, why: str
    ) -> None:
        """Answers that are not a probability for each genre have no loss."""
        films = load_reproducer(real_coursework())
        labels = np.zeros((1, 3), np.float32)
        with pytest.raises(Mismatch, match=why):
            films.measure(np.zeros((1, 3), np.float32), answers, labels)

    def test_loss_is_the_mean_surprise(self) -> None:
        """Answers of 0.8 where the truth is 1, 0.5 where it is 0: by hand."""
        films = load_reproducer(real_coursework())
        labels = np.array([[0, 0], [1, 0]], np.float32)
        answers = np.array([[0.8, 0.5]], np.float32)
        told = films.measure(np.array([[1, 0]]), answers, labels)
        expected = -(np.log(0.8) + np.log(0.5)) / 2
        assert told.loss == pytest.approx(expected, abs=1e-6)
        assert (told.examples, told.of) == (1, 2)

    @pytest.mark.parametrize(
        "numbers",
        [
            np.zeros((2, 25), np.float32),
            np.ones((1, 25), np.float32),
            np.zeros((0, 25), np.float32),
            np.zeros(25, np.float32),
            np.full((1, 25), 0.5, np.float32),
            np.array([["a"] * 25]),
        ],
        ids=["twice", "unknown", "none", "flat", "changed", "texts"],
    )
    def test_labels_that_name_no_films_are_refused(self, numbers: np.ndarray) -> None:
        """A dataset that gives a film twice, or other labels, has no loss."""
        films = load_reproducer(real_coursework())
        with pytest.raises(Mismatch, match="each film once"):
            films.read_numbers(numbers, 7)
