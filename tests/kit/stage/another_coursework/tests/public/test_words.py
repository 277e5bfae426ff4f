"""Public checks."""

import pytest

from reelmark.checks import Submission, expect


@pytest.mark.check("1", marks=1)
def test_counts(submission: Submission) -> None:
    """Two words are two."""
    expect.equal(submission.words.count_words("two words"), 2, "the count")


@pytest.mark.check("1", marks=0.5, after="test_counts")
def test_nothing_is_no_word(submission: Submission) -> None:
    """An empty text has no words."""
    expect.equal(submission.words.count_words(""), 0, "the count")


@pytest.mark.check("2", marks=1)
def test_counts_all(submission: Submission) -> None:
    """Each text is counted with count_words(), right or not."""
    own = [submission.words.count_words(text) for text in ("a b", "c")]
    got = submission.numbers_of_words.count_all(["a b", "c"])
    expect.that(got == own, "the counts differ.", expected=own, got=got)
