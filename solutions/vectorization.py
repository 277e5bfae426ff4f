"""Section 1.b: from overviews to numbers.

You write the pipeline of overviews, the encoder that learns a vocabulary from it, and
a look at the words that the encoder learnt.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf


def build_overview_dataset(
    overviews: Sequence[str],
    labels: np.ndarray,
    *,
    batch_size: int = 64,
    training: bool = False,
) -> tf.data.Dataset:
    """Build the pipeline of overviews; they stay raw strings.

    Args:
        overviews: The overviews of n films.
        labels: Genres of the same n films in the same order, 0 or 1, shape
            (n, genres).
        batch_size: Films in a batch; the last batch holds what is left over.
        training: True reshuffles the films at every pass, film by film, so that
            batches are made of different films each time, with a buffer that holds
            all n films. False keeps the given order at every pass.

    Returns:
        A new dataset of ``(overviews, labels)``: strings, letter for letter, shape
        (batch,), and the rows of ``labels`` that belong to them, shape
        (batch, genres).

    Source:
        Section 1.b.i of the brief.
    """
    ### BEGIN SOLUTION
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    if training:
        films = films.shuffle(len(overviews), reshuffle_each_iteration=True)
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
    ### END SOLUTION


def build_encoder(
    train_ds: tf.data.Dataset, *, max_tokens: int = 10_000
) -> keras.layers.TextVectorization:
    """Build the layer that turns overviews into word indices, and let it learn words.

    Its vocabulary must come from training overviews only: words of the validation
    films would leak into the model and make its validation scores look too good.

    Args:
        train_ds: Batches of ``(overviews, labels)`` of the training films, as
            ``build_overview_dataset`` makes them.
        max_tokens: The largest size of the vocabulary, counted with the entries for
            padding and for unknown words; the most frequent words are kept.

    Returns:
        A new layer, after ``adapt()``. Called on strings it returns integers, one a
        word; overviews may be padded or cut to any length you choose.

    Source:
        Section 1.b.ii of the brief.
    """
    ### BEGIN SOLUTION
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    encoder.adapt(train_ds.map(lambda overviews, _labels: overviews))
    return encoder
    ### END SOLUTION


def first_words(encoder: keras.layers.TextVectorization, n: int = 200) -> list[str]:
    """List the first entries of an encoder's vocabulary.

    Args:
        encoder: An encoder that has learnt its vocabulary.
        n: How many entries, 200 unless another number is asked for; if the vocabulary
            is smaller, all of it.

    Returns:
        At most n words, most frequent first. They may begin with the two special
        entries, ``""`` for padding and ``"[UNK]"`` for unknown words, or leave them
        out.

    Source:
        Section 1.b.iii of the brief.
    """
    ### BEGIN SOLUTION
    return [str(word) for word in encoder.get_vocabulary()[:n]]
    ### END SOLUTION
