"""Hidden checks."""

import pytest

from reelmark.checks import Submission, expect


@pytest.mark.check("1", marks=1.5, after="test_counts")
def test_blanks_are_no_words(submission: Submission) -> None:
    """Blanks between words are not counted."""
    expect.equal(submission.words.count_words(" s e  c r e t "), 6, "the count")


@pytest.mark.check("2", marks=1)
def test_no_texts_have_no_counts(submission: Submission) -> None:
    """No texts give no counts."""
    expect.equal(submission.numbers_of_words.count_all([]), [], "the counts")
