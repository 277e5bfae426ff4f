"""Ingredients: kit-made objects that live in the worker, next to the student's code.

A check gives each function what it needs from here, instead of what the student
built in an earlier task. ``submission.ingredients.<name>(...)`` calls these
functions in the worker and returns an observation. Nothing here is a secret,
and nothing here is an answer. What each function says it returns is checked by the
engine, so that no check has to look whether a worker was tampered with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras
    import numpy as np
    import tensorflow as tf


def map_posters(process: Any, paths: list[str]) -> tf.data.Dataset:
    """Map a function over posters whose size TensorFlow does not know beforehand.

    Args:
        process: The function, from an image and a label to an image and a label.
        paths: Paths of JPEG files; each one's place in the list is its label.
    """
    import tensorflow as tf

    @tf.autograph.experimental.do_not_convert  # it holds nothing to convert
    def read(path: Any, label: Any) -> tuple[Any, Any]:
        return tf.io.decode_jpeg(tf.io.read_file(path), channels=3), label

    films = tf.data.Dataset.from_tensor_slices((paths, list(range(len(paths)))))
    return films.map(read).map(process)


def batch_overviews(overviews: list[str], batch_size: int) -> tf.data.Dataset:
    """Make batches of overviews with labels of two genres, 0 and 1 by turns."""
    import tensorflow as tf

    labels = [[film % 2, 1 - film % 2] for film in range(len(overviews))]
    return tf.data.Dataset.from_tensor_slices((overviews, labels)).batch(batch_size)


def make_encoder(
    words: list[str], *, spare: int = 0, name: str | None = None
) -> keras.layers.TextVectorization:
    """Make an encoder that knows these words, the most frequent first.

    Args:
        words: The vocabulary, without the entries for padding and unknown words.
        spare: How many more entries its ``max_tokens`` would allow.
        name: The layer's name.
    """
    import keras

    max_tokens = len(words) + 2 + spare
    return keras.layers.TextVectorization(
        max_tokens=max_tokens, vocabulary=words, name=name
    )


def make_staircase(
    learning_rate: float, target: float
) -> tuple[keras.Model, tf.data.Dataset, tf.data.Dataset]:
    """Make a model whose course of training is known beforehand, and its data.

    The model has one weight, 0 at first. An epoch is one step of gradient descent
    on the mean absolute error towards a number far above, so that the weight grows
    by the learning rate; so does the validation loss, once the weight is past
    ``target``.

    Args:
        learning_rate: The learning rate the model is compiled with.
        target: The weight with the lowest validation loss.

    Returns:
        The compiled model, its training dataset, its validation dataset.
    """
    import keras
    import tensorflow as tf

    model = _make_one_weight()
    loss = keras.losses.MeanAbsoluteError()
    model.compile(keras.optimizers.SGD(learning_rate), loss, run_eagerly=True)
    films = tf.ones((4, 1))
    train_ds = tf.data.Dataset.from_tensor_slices((films, 100.0 * films)).batch(4)
    valid_ds = tf.data.Dataset.from_tensor_slices((films, target * films)).batch(4)
    return model, train_ds, valid_ds


def pretend_epochs(callback: Any, logs: list[dict[str, float]]) -> None:
    """Lead a callback through epochs that only pretend to train.

    Args:
        callback: The callback to be asked.
        logs: What it is told at the end of each epoch. The model's one weight is 1
            in the first epoch, 2 in the second and so on.
    """
    import keras
    import numpy as np

    model = _make_one_weight()
    precision = keras.metrics.Precision(name="precision")
    metrics = [precision, keras.metrics.Recall(name="recall")]
    model.compile(None, "mse", metrics=metrics, run_eagerly=True)
    # Metrics exist from their first use on; a callback may ask whether more is better.
    model.test_on_batch(np.ones((1, 1)), np.ones((1, 1)))
    callbacks = keras.callbacks.CallbackList([callback], model=model)
    callbacks.on_train_begin()
    for epoch, told in enumerate(logs):
        callbacks.on_epoch_begin(epoch)
        callbacks.on_train_batch_begin(0)
        model.set_weights([np.full((1, 1), epoch + 1.0)])
        callbacks.on_train_batch_end(0, {"loss": told["loss"]})
        callbacks.on_epoch_end(epoch, dict(told))
    callbacks.on_train_end()


def read_weight(path: str) -> float | None:
    """Read the one weight of `pretend_epochs` or `make_staircase` from a file.

    Returns:
        The weight, or None if the file holds none, in whichever way it was saved.
    """
    import keras

    model = _make_one_weight()
    try:
        model.load_weights(path)
    except Exception:
        # A whole model in a file called .weights.h5 is of Keras's older format. What
        # no reader makes sense of is the caller's to report.
        try:
            model = keras.models.load_model(path, compile=False)
        except Exception:
            return None
    return float(model.get_weights()[0].item())


def follow_rates(callback: Any, learning_rate: float, epochs: list[int]) -> list[float]:
    """Let a callback set the learning rate of some epochs; return every rate."""
    import keras

    model = _make_one_weight()
    model.compile(keras.optimizers.SGD(learning_rate), "mse")
    callbacks = keras.callbacks.CallbackList(
        [callback], model=model, epochs=len(epochs)
    )
    callbacks.on_train_begin()
    rates = []
    for epoch in epochs:
        callbacks.on_epoch_begin(epoch)
        rates.append(float(model.optimizer.learning_rate))
        callbacks.on_epoch_end(epoch, {})
    return rates


def _make_one_weight() -> Any:
    """Make a model that multiplies one number by its one weight, 0 at first."""
    import keras

    dense = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    return keras.Sequential([keras.Input((1,)), dense])


def make_embedder(
    rows: int, size: int, *, name: str | None = None
) -> keras.layers.Embedding:
    """Make an embedding that masks padding."""
    import keras

    return keras.layers.Embedding(rows, size, mask_zero=True, name=name)


def make_poster_model(n_genres: int) -> keras.Model:
    """Make a tiny network whose first and last layer are named as in the brief."""
    import keras

    pictures = keras.Input((4, 4, 3), name="Input")
    flat = keras.layers.Flatten(name="Flat")(pictures)
    output = keras.layers.Dense(n_genres, activation="sigmoid", name="Output")
    return keras.Model(pictures, output(flat))


def make_text_model(n_genres: int) -> keras.Sequential:
    """Make a tiny network from texts to genres, sequential as the brief's is."""
    import keras

    words = ["dog", "house", "rain"]
    layers = [
        keras.Input(shape=(), dtype="string"),
        make_encoder(words),
        make_embedder(len(words) + 2, 4),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_genres, activation="sigmoid"),
    ]
    return keras.Sequential(layers)


def predict(
    model: Any, films: Any, weights: str
) -> tuple[np.ndarray, np.ndarray] | str:
    """Let a model answer for all films of a dataset, with weights from a file.

    Args:
        model: The model.
        films: Batches of inputs and labels.
        weights: A file ``.weights.h5``: weights only, so that nothing in it runs.

    Returns:
        The labels as the dataset gives them, and the model's answers, a row a film;
        or, in words, why the weights cannot be loaded.
    """
    import numpy as np

    inputs, _ = next(iter(films))
    model.predict_on_batch(inputs)  # builds a model that is not built yet
    try:
        model.load_weights(weights)
    except Exception as error:  # whatever Keras and HDF5 make of the file
        return str(error)
    # Both of one pass: another pass may give the films in another order.
    pairs = [(labels, model.predict_on_batch(inputs)) for inputs, labels in films]
    labels, answers = (np.concatenate(part) for part in zip(*pairs, strict=True))
    return labels, answers


def history(curves: dict[str, list[float]]) -> keras.callbacks.History:
    """Make what ``fit`` returns, from lists of one number an epoch."""
    import keras

    made = keras.callbacks.History()
    made.history = curves
    made.epoch = list(range(max(map(len, curves.values()))))
    made.set_params({"epochs": len(made.epoch), "steps": 1, "verbose": 0})
    return made
