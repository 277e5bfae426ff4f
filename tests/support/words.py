"""Words: made-up overviews, and what an encoder must have learnt from them.

The words of these overviews are plain nouns without punctuation, so encoders that
split, lower or strip text in different ways still learn the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reelmark.checks import Dataset, Encoder, Submission, expect, shared
from support import pipelines
from support.films import Films
from support.pipelines import Epoch, expect_pairs, read_epochs, shorten

SPECIAL = ("", "[UNK]")
BATCH_SIZE = 8
DEFAULT_TOKENS = 10_000

NO_OVERVIEW = 30
"""The film whose overview is empty."""

_UNTIDY = (
    "  The story of {}",
    "The story of {} ",
    "\u201cNever\u201d \u2013 it\u2019s {}\u2026",
    "Ele\u0301onore, or E\u0301t\u00e9 {}",
    "R&amp;B in <i>{}</i>\n",
    "NO.\tSTOPS {}!?",
)
UNTIDY = [
    _UNTIDY[place % len(_UNTIDY)].format(place) if place != NO_OVERVIEW else ""
    for place in range(pipelines.NUM_DEFAULT)
]
"""Overviews that somebody might tidy up, which are not to be: as many as films where
nothing but overviews and labels is given."""


@dataclass(frozen=True)
class Nouns:
    """Overviews in which every noun occurs a known number of times.

    Attributes:
        nouns: Eight distinct words, the most frequent first: the last occurs once,
            the one before it twice, and so on.
    """

    nouns: tuple[str, ...]

    @property
    def overviews(self) -> list[str]:
        """As many overviews as nouns, for batches of three and a smaller last one.

        Each of the three rarest nouns is in one batch only: the first one, the
        second or the last. In every overview the rarer nouns come first.
        """
        count = len(self.nouns)
        *common, thrice, twice, once = self.nouns
        texts = [
            [noun for rank, noun in enumerate(common) if place < count - rank]
            for place in range(count)
        ]
        texts[0].append(once)
        for places, noun in (((3, 4, 5), thrice), ((-2, -1), twice)):
            for place in places:
                texts[place].append(noun)
        return [" ".join(reversed(text)) for text in texts]


def many_overviews(num_words: int, length: int = 100) -> list[str]:
    """Return overviews of so many words each; all words are different."""
    words = [f"word{number}" for number in range(num_words)]
    return [" ".join(words[i : i + length]) for i in range(0, num_words, length)]


@dataclass(frozen=True)
class Split:
    """The first films of a fixture, to train on; the others are for validation.

    Neither number is a multiple of `BATCH_SIZE`, so the last batch is smaller.
    """

    films: Films
    num_train: int

    def overviews(self, training: bool) -> list[str]:
        """Return the overviews of one part."""
        return self.films.overviews[self._part(training)]

    def labels(self, training: bool) -> Any:
        """Return the labels of one part, int64; every row is different."""
        return self.films.labels[self._part(training)]

    def num(self, training: bool) -> int:
        """Return how many films are in one part."""
        return len(self.overviews(training))

    def _part(self, training: bool) -> slice:
        return slice(self.num_train) if training else slice(self.num_train, None)


@shared
def overview_datasets(submission: Submission, split: Split) -> dict[bool, Any]:
    """Build both datasets of a split before either is read; by ``training``.

    If the second call changes the first one's dataset, that shows when it is read. So
    does what is kept of the calls before, which get as many other films.
    """
    for training in (True, False):
        _build(submission, split, training, pipelines.moved_on)
    return {
        training: _build(submission, split, training, list)
        for training in (True, False)
    }


def _build(
    submission: Submission,
    split: Split,
    training: bool,
    order: Callable[[Sequence[str]], list[str]],
) -> Any:
    return submission.vectorization.build_overview_dataset(
        order(split.overviews(training)),
        split.labels(training),
        batch_size=BATCH_SIZE,
        training=training,
    )


def overview_dataset(submission: Submission, split: Split, training: bool) -> Dataset:
    """Return the dataset that ``build_overview_dataset`` makes of these films."""
    return expect_pairs(overview_datasets(submission, split)[training], "overviews")


@shared
def overview_epochs(
    submission: Submission, split: Split, training: bool
) -> list[Epoch]:
    """Return passes over these films' overviews: three in training, else two."""
    dataset = overview_dataset(submission, split, training)
    labels, others = split.labels(training), split.labels(not training)
    return read_epochs(dataset, labels, others, "overviews", passes=2 + training)


def expect_texts_kept(epoch: Epoch, overviews: Sequence[str]) -> None:
    """Expect every overview letter for letter, beside the labels of its film."""
    for texts, films in zip(epoch.parts, epoch.films, strict=True):
        got = texts.ravel().tolist()
        expect.that(
            texts.shape == (len(films),) and all(isinstance(t, str) for t in got),
            "the overviews are no batches of strings.",
            expected=f"strings, shape ({len(films)},)",
            got=f"{_kind_of(got)}, shape {texts.shape}",
            advice="An overview is one string, in no list of its own; batch() makes "
            "the only axis.",
        )
        pairs = list(zip(films, got, strict=True))
        if wrong := [(film, text) for film, text in pairs if text != overviews[film]]:
            _tell_other_text(wrong, overviews)


def _tell_other_text(
    wrong: Sequence[tuple[int, str]], overviews: Sequence[str]
) -> None:
    """Say what happened to an overview that is not the right one.

    Raises:
        Mismatch: Always.
    """
    film, got = wrong[0]
    wanted = overviews[film]
    is_of_another = got in overviews
    # An earlier call got the same overviews, each in the place of the one before.
    before = pipelines.moved_on(overviews)
    is_earlier = all(before[place] == text for place, text in wrong)
    expect.that(
        False,
        "an overview stands beside the labels of another film."
        if is_of_another
        else "an overview is not the string that was given.",
        expected=_around(wanted, got),
        got=_around(got, wanted),
        why=pipelines.EARLIER
        if is_earlier
        else "Capitals have become small letters." * (got == wanted.lower()),
        advice=pipelines.OUTLIVES
        if is_earlier
        else "Keep overview and labels together, as one element, from the first step."
        if is_of_another
        else "Leave the strings as they are: the encoder will take them apart.",
    )


@shared
def learnt_encoder(
    submission: Submission, nouns: Nouns, max_tokens: int | None = None
) -> Any:
    """Return what ``build_encoder`` makes of batches of overviews and labels."""
    return build_encoder(submission, nouns.overviews, max_tokens)


def build_encoder(
    submission: Submission,
    overviews: list[str],
    max_tokens: int | None = None,
    batch_size: int = 3,
) -> Any:
    """Call ``build_encoder``, without max_tokens if it is None."""
    batches = submission.ingredients.batch_overviews(overviews, batch_size)
    options = {} if max_tokens is None else {"max_tokens": max_tokens}
    return submission.vectorization.build_encoder(batches, **options)


def expect_encoder(value: Any) -> Encoder:
    """Expect a ``TextVectorization`` layer; return it."""
    name = "a keras.layers.TextVectorization"
    expect.that(
        value is not None,
        "returned None.",
        expected=name,
        got="None",
        advice="Is there a return, and of the layer itself? adapt() changes the layer "
        "and returns None.",
    )
    return expect.kind(value, Encoder, name)


def expect_learnt(encoder: Any, nouns: Nouns) -> None:
    """Expect every noun of the training overviews in the vocabulary."""
    words = _own_words(encoder)
    missing = [noun for noun in nouns.nouns if noun not in words]
    expect.that(
        not missing,
        "the vocabulary lacks words of the training overviews.",
        expected=shorten(nouns.nouns),
        got=shorten(words),
        why="It holds nothing but the two special entries." * (not words),
        advice="A new layer knows no words. Which texts does adapt() show it?",
    )


def expect_many_learnt(submission: Submission) -> None:
    """Expect every word of more overviews than somebody would try things out with."""
    overviews = many_overviews(6_600, length=6)
    words = _own_words(build_encoder(submission, overviews, batch_size=64))
    wanted = sorted(" ".join(overviews).split())
    expect.that(
        sorted(words) == wanted,
        "the vocabulary lacks words of the training overviews.",
        expected=f"{len(wanted):,} words of {len(overviews)} overviews",
        got=f"{len(words):,} words",
        advice="adapt() is shown all batches of train_ds, each of them once.",
    )


def expect_nothing_else(encoder: Any, nouns: Nouns) -> None:
    """Expect no word in the vocabulary that is in no training overview."""
    # An entry may be a group of words (ngrams); each of them must be known.
    foreign = [
        word
        for word in _own_words(encoder)
        if not set(word.split()) <= set(nouns.nouns)
    ]
    expect.that(
        not foreign,
        "the vocabulary holds words that no training overview holds.",
        expected="words of the training overviews only",
        got=shorten(foreign),
        why="What was learnt from other texts leaks into the model, and validation "
        "scores look better than they are.",
        advice="What is adapt() given? Overviews of train_ds, nothing else.",
    )


def expect_most_frequent(encoder: Any, nouns: Nouns, max_tokens: int) -> None:
    """Expect at most ``max_tokens`` entries, and the most frequent words in them."""
    size = len(expect_encoder(encoder).vocabulary)
    expect.that(
        size <= max_tokens,
        "the vocabulary is larger than max_tokens.",
        expected=f"at most {max_tokens} entries, the special ones included",
        got=f"{size} entries",
        advice="Follow the argument max_tokens to where it is used.",
    )
    # Two places are for padding and unknown words. Counting these differently may cost
    # one more: max_tokens is a limit.
    kept = nouns.nouns[: max_tokens - 3]
    words = _own_words(encoder)
    expect.that(
        set(kept) <= set(words),
        "a vocabulary of limited size lacks the most frequent words.",
        expected=shorten(kept),
        got=shorten(words),
        advice="adapt() counts words by itself and keeps the most frequent ones.",
    )


def expect_default_tokens(submission: Submission, nouns: Nouns) -> None:
    """Expect a limit of 10,000 entries: in the layer's settings, or in what it does."""
    known = expect_encoder(learnt_encoder(submission, nouns))
    if known.config.get("max_tokens") == DEFAULT_TOKENS:
        return
    overviews = many_overviews(DEFAULT_TOKENS + 100)
    size = len(expect_encoder(build_encoder(submission, overviews)).vocabulary)
    expect.that(
        # Nobody fails for counting one or two special entries differently.
        DEFAULT_TOKENS - 2 <= size <= DEFAULT_TOKENS,
        "without max_tokens, the vocabulary is not limited to 10,000 entries.",
        expected=f"{DEFAULT_TOKENS:,} entries, for the texts hold more words",
        got=f"{size:,} entries",
        advice="Compare the default in your function's first lines with the stub's.",
    )


def expect_indices(encoder: Any, nouns: Nouns, texts: list[str]) -> None:
    """Expect one integer per word: its place in the vocabulary, 1 if it has none.

    An encoder may cut overviews to any length; the rest is not looked at.
    """
    found = expect_encoder(encoder)
    output = expect.array(found.call(texts), "an array of integers")
    expect.that(
        output.dtype.kind in "iu"
        and output.ndim == 2
        and len(output) == len(texts)
        and output.size > 0,
        "the encoder does not give a row of integers for every overview.",
        expected=f"integers, shape ({len(texts)}, length)",
        got=f"{output.dtype}, shape {output.shape}",
        why=_why_no_indices(found),
        advice="Which output_mode of TextVectorization gives the indices of words?",
    )
    got = [[_entry(found, index) for index in row if index] for row in output.tolist()]
    length = output.shape[1]
    expected = [
        [_known(word, nouns) for word in text.split()][:length] for text in texts
    ]
    expect.that(
        got == expected,
        "the integers are not the places of the words in the vocabulary.",
        expected=f"integers that stand for {expected}",
        got=f"integers that stand for {got}",
        why=_why_no_indices(found) or _why_forgotten(found, got, expected),
        advice="Try the encoder on an overview of two words and look at its output.",
    )


@shared
def default_epoch(submission: Submission) -> Epoch:
    """Return a pass over films for which only overviews and labels are given."""
    build_default = submission.vectorization.build_overview_dataset
    return pipelines.read_default(lambda labels: build_default(UNTIDY, labels))


@shared
def large_dataset(submission: Submission) -> Any:
    """Return a dataset of as many overviews as there are training films."""
    overviews = ["The story of"] * pipelines.NUM_TRAINING_FILMS
    labels = np.zeros((len(overviews), 1), np.int64)
    build = submission.vectorization.build_overview_dataset
    return build(overviews, labels, training=True)


def expect_first_words(found: Any, words: Sequence[str], n: int) -> None:
    """Expect the first n of ``words``, with the special entries before them or not.

    Args:
        found: What ``first_words`` returned.
        words: The vocabulary in its order, without the special entries.
        n: How many entries were asked for.
    """
    listed = _as_texts(found)
    expect.that(
        len(listed) <= n,
        "returned more entries than were asked for.",
        expected=f"at most {n} words",
        got=f"{len(listed)} words",
    )
    own = [word for word in listed if word not in SPECIAL]
    # Special entries may use up two of the n places, even if left out afterwards.
    least = min(n - len(SPECIAL), len(words))
    expect.that(
        len(own) >= least,
        "returned fewer entries than there are to list.",
        expected=f"{min(n, len(words))} words",
        got=f"{len(own)} words",
        advice="How many entries are listed if n is not given, and if it is?",
    )
    wanted = list(words[: len(own)])
    expect.that(
        own == wanted,
        "these are not the most frequent words, most frequent first.",
        expected=shorten(wanted),
        got=shorten(own),
        why=_why_other_words(listed, list(words)),
        advice="The vocabulary holds them as they are to be, and in the right order.",
    )
    special = [word for word in listed if word in SPECIAL]
    expect.that(
        listed == special + own,
        "the special entries do not come first.",
        expected='"" and "[UNK]" before all words, or not at all',
        got=shorten([word or '""' for word in listed]),
        advice="Where are they in what get_vocabulary() returns?",
    )


def _why_other_words(listed: Sequence[str], words: Sequence[str]) -> str:
    """Say what went wrong if words are not the first of a vocabulary."""
    small = {word.lower() for word in (*SPECIAL, *words)}
    if set(listed) <= small and not set(listed) <= {*SPECIAL, *words}:
        return "Capitals have become small letters."
    own = [word for word in listed if word not in SPECIAL]
    if sorted(own) == sorted(words[: len(own)]):
        return "The words are right but not in this order."
    return ""


def _kind_of(values: Sequence[Any]) -> str:
    are_strings = all(isinstance(value, str) for value in values)
    return "strings" if are_strings else expect.describe(values)


def _around(text: str, other: str) -> str:
    """Return the part of a text where it begins to differ from another."""
    pairs = zip(text, other, strict=False)
    shorter = min(len(text), len(other))
    equal = next((i for i, (a, b) in enumerate(pairs) if a != b), shorter)
    start = max(0, equal - 20)
    return repr(text[start : start + 50])


def _as_texts(found: Any) -> list[str]:
    """Return a list of strings; an array of strings is fine, too."""
    if isinstance(found, np.ndarray) and found.ndim == 1:
        found = found.tolist()
    listed = expect.kind(found, list, "a list of strings")
    expect.that(
        all(isinstance(word, str) for word in listed),
        "returned a list that holds something else than strings.",
        expected="a list of strings",
        got=expect.describe(listed),
        advice="An entry of the list is one word, and nothing stands beside it.",
    )
    return listed


def _own_words(encoder: Any) -> list[str]:
    """Return a vocabulary in lower case, without the special entries."""
    vocabulary = expect_encoder(encoder).vocabulary
    return [word.lower() for word in vocabulary if word not in SPECIAL]


def _known(word: str, nouns: Nouns) -> str:
    return word if word in nouns.nouns else "[UNK]"


def _entry(encoder: Encoder, index: int) -> str:
    """Return the entry an index stands for, as it is compared."""
    if not 0 <= index < len(encoder.vocabulary):
        return f"(no entry {index})"
    word = encoder.vocabulary[index]
    return word if word in SPECIAL else word.lower()


def _why_forgotten(encoder: Encoder, got: Any, expected: Any) -> str:
    """Say that an encoder no longer knows a word that it knew when it was made."""
    own = set(_own_words(encoder))
    pairs = [
        pair
        for rows in zip(got, expected, strict=True)
        for pair in zip(*rows, strict=False)
    ]
    if any(word == "[UNK]" and right in own for word, right in pairs):
        return "It knew these words when it was returned: a later call changed it."
    return ""


def _why_no_indices(encoder: Encoder) -> str:
    mode = encoder.config.get("output_mode", "int")
    counts = mode in ("multi_hot", "count", "tf_idf")
    return (
        "The output has a place for every word of the vocabulary, and the order of "
        "the words is lost." * counts
    )
