"""Ingredients: the kit's own objects in the worker, next to the student's code.

A check gives each function what it needs from here, instead of what the student
built in an earlier task. ``submission.ingredients.<name>(...)`` calls these functions
in the worker and returns an observation. Nothing here is a secret, and nothing here
is an answer. The engine checks what each function is annotated to return, so checks
need not ask whether a worker was tampered with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras
    import numpy as np
    import tensorflow as tf


def map_posters(process: Any, paths: list[str]) -> tf.data.Dataset:
    """Map a function over posters whose sizes TensorFlow does not know beforehand.

    Args:
        process: The function, from an image and a label to an image and a label.
        paths: Paths of JPEG files; each one's place in the list is its label.
    """
    import tensorflow as tf

    @tf.autograph.experimental.do_not_convert  # there is nothing to convert in it
    def read(path: Any, label: Any) -> tuple[Any, Any]:
        return tf.io.decode_jpeg(tf.io.read_file(path), channels=3), label

    films = tf.data.Dataset.from_tensor_slices((paths, list(range(len(paths)))))
    return films.map(read).map(process)


def batch_overviews(overviews: list[str], batch_size: int) -> tf.data.Dataset:
    """Make batches of overviews with labels of two genres, alternating 0 and 1."""
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
    learning_rate: float, train: list[float], valid: list[float], batch_size: int
) -> tuple[keras.Model, tf.data.Dataset, tf.data.Dataset]:
    """Make a model whose course of training is known beforehand, and its data.

    The model has a single weight, 0 at first. A step moves it by the learning rate
    towards the films of its batch, which are numbers; the loss is the average distance
    of the weight from them. The model records what it is shown (`read_steps`).

    Args:
        learning_rate: The learning rate that the model is compiled with.
        train: The training films, numbers that no run reaches.
        valid: The validation films.
        batch_size: Number of films in a batch.

    Returns:
        The compiled model, its training dataset, its validation dataset.
    """
    import keras
    import tensorflow as tf

    model = _climber_class()([keras.Input((1,)), _one_weight()])
    loss = keras.losses.MeanAbsoluteError()
    model.compile(keras.optimizers.SGD(learning_rate), loss)
    datasets = [
        tf.data.Dataset.from_tensor_slices((tf.ones((len(films), 1)), films))
        for films in (train, valid)
    ]
    return model, *(films.batch(batch_size) for films in datasets)


def read_steps(model: Any) -> list[tuple[str, list[float], list[float], float, float]]:
    """Return what a model of `make_staircase` was shown, pass by pass.

    Returns:
        For each pass over a dataset: ``"train"`` or ``"valid"``, the learning rate of
        each step, the films in order, the weight before and the weight after.
    """
    return [
        (seen.kind, seen.rates, seen.films, seen.before, seen.after)
        for seen in model.passes
        if seen.films
    ]


class _Pass:
    """What a model was shown in one pass over a dataset."""

    def __init__(self, weight: float) -> None:
        self.kind = ""
        self.rates: list[float] = []
        self.films: list[float] = []
        self.losses: list[float] = []
        self.before = self.after = weight


def _climber_class() -> Any:
    """Return the class of the models of `make_staircase`.

    A step of Keras itself takes ten times as long.
    """
    import keras

    @keras.saving.register_keras_serializable("reelmark")
    class Climber(keras.Sequential):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            # Not by plain assignment: Keras would turn it into a list of its own.
            object.__setattr__(self, "passes", [_Pass(0.0)])

        def compile(self, *args: Any, **kwargs: Any) -> None:
            """Compile for steps like these, even if somebody compiles again."""
            super().compile(*args, **{**kwargs, "run_eagerly": True})

        def reset_metrics(self) -> None:
            """Begin another pass."""
            self.passes.append(_Pass(self._weight()))

        def get_metrics_result(self) -> dict[str, float]:
            """Return the loss of the pass so far."""
            losses = self.passes[-1].losses
            return {"loss": sum(losses) / max(1, len(losses))}

        def train_step(self, data: Any) -> dict[str, float]:
            """Take one step towards the films of a batch."""
            rate = float(self.optimizer.learning_rate)
            above = [film > self._weight() for film in self._look(data, "train")]
            self.passes[-1].rates.append(rate)
            step = rate * (2 * sum(above) / len(above) - 1)
            self.weights[0].assign([[self._weight() + step]])
            self.passes[-1].after = self._weight()
            return self.get_metrics_result()

        def test_step(self, data: Any) -> dict[str, float]:
            """Look at a batch."""
            self._look(data, "valid")
            return self.get_metrics_result()

        def _weight(self) -> float:
            return float(self.weights[0].numpy().item())

        def _look(self, data: Any, kind: str) -> list[float]:
            _, y, _ = keras.utils.unpack_x_y_sample_weight(data)
            films = [float(film) for film in y.numpy().ravel()]
            seen = self.passes[-1]
            seen.kind = kind
            seen.films += films
            # Of training it says that it becomes worse and worse: whoever waits for
            # a better training loss waits in vain.
            weight = self._weight()
            losses = [abs(film - weight) for film in films]
            seen.losses += losses if kind == "valid" else [abs(weight)] * len(films)
            return films

    return Climber


def pretend_epochs(callback: Any, logs: list[dict[str, float]], *, ends: bool) -> None:
    """Take a callback through epochs that only pretend to train.

    Args:
        callback: The callback to call.
        logs: What it is told at the end of each epoch. The model's single weight is 1
            in the first epoch, 2 in the second and so on.
        ends: Whether training finishes; else it is interrupted.
    """
    import keras
    import numpy as np

    model = keras.Sequential([keras.Input((1,)), _one_weight()])
    precision = keras.metrics.Precision(name="precision")
    metrics = [precision, keras.metrics.Recall(name="recall")]
    model.compile(None, "mse", metrics=metrics, run_eagerly=True)
    # Metrics exist only once they are used; a callback may ask whether more is better.
    model.test_on_batch(np.ones((1, 1)), np.ones((1, 1)))
    callbacks = keras.callbacks.CallbackList([callback], model=model)
    callbacks.on_train_begin()
    for epoch, told in enumerate(logs):
        callbacks.on_epoch_begin(epoch)
        model.set_weights([np.full((1, 1), epoch + 1.0)])
        for batch in range(3):
            callbacks.on_train_batch_begin(batch)
            callbacks.on_train_batch_end(batch, {"loss": told["loss"]})
        callbacks.on_epoch_end(epoch, dict(told))
    if ends:
        callbacks.on_train_end()


def read_weight(path: str) -> float | None:
    """Read the one weight of `pretend_epochs` or `make_staircase` from a file.

    Returns:
        The weight, whichever way it was saved; None if the file contains none.
    """
    import keras

    model = keras.Sequential([keras.Input((1,)), _one_weight()])
    _climber_class()  # a whole model may be one
    try:
        model.load_weights(path)
    except Exception:
        # A whole model in a file called .weights.h5 has Keras's older format. If no
        # reader can make sense of it, the caller reports that.
        try:
            model = keras.models.load_model(path, compile=False)
        except Exception:
            return None
    return float(model.get_weights()[0].item())


def leave_weights(path: str) -> None:
    """Leave a file of weights, as another run may have done: the one weight is 5."""
    import keras

    model = keras.Sequential([keras.Input((1,)), _one_weight()])
    model.set_weights([weight + 5 for weight in model.get_weights()])
    path = str(path)
    (model.save_weights if path.endswith(".weights.h5") else model.save)(path)


def follow_rates(callback: Any, learning_rate: float, epochs: list[int]) -> list[float]:
    """Let a callback set the learning rate of some epochs; return every rate."""
    import keras

    model = keras.Sequential([keras.Input((1,)), _one_weight()])
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


def _one_weight() -> Any:
    """Make a layer that multiplies a number by its single weight, 0 at first."""
    import keras

    return keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")


def make_embedder(
    rows: int, size: int, *, name: str | None = None
) -> keras.layers.Embedding:
    """Make an embedding that masks padding."""
    import keras

    return keras.layers.Embedding(rows, size, mask_zero=True, name=name)


def make_poster_model(n_genres: int) -> keras.Model:
    """Make a tiny network whose first and last layers are named as in the brief."""
    import keras

    pictures = keras.Input((4, 4, 3), name="Input")
    flat = keras.layers.Flatten(name="Flat")(pictures)
    output = keras.layers.Dense(n_genres, activation="sigmoid", name="Output")
    return keras.Model(pictures, output(flat))


def make_tiny_films(
    model: Any, n_genres: int
) -> tuple[tf.data.Dataset, tf.data.Dataset]:
    """Make films for a model of `make_poster_model`, to train on and to validate with.

    From now on, the model, which has been compiled, trains without a graph: tracing
    one takes longer than the few steps there are.
    """
    import numpy as np
    import tensorflow as tf

    model.run_eagerly = True
    random = np.random.default_rng(7)
    films = random.random((7, 4, 4, 3), np.float32)
    labels = random.integers(0, 2, (7, n_genres))
    train, valid = (
        tf.data.Dataset.from_tensor_slices((films[part], labels[part])).batch(4)
        for part in (slice(4), slice(4, None))
    )
    return train, valid


def make_text_model(n_genres: int) -> keras.Sequential:
    """Make a tiny network from texts to genres, sequential like the brief's."""
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
        weights: A file ``.weights.h5`` with only weights, so nothing in it runs.

    Returns:
        The labels as the dataset gives them, and the model's answers, one row per
        film; or, in words, why the weights cannot be loaded.
    """
    import numpy as np

    inputs, _ = next(iter(films))
    model.predict_on_batch(inputs)  # builds a model that is not built yet
    try:
        model.load_weights(weights)
    except Exception as error:  # whatever Keras and HDF5 make of the file
        return str(error)
    # Both from one pass: another pass may give the films in another order.
    pairs = [(labels, model.predict_on_batch(inputs)) for inputs, labels in films]
    labels, answers = (np.concatenate(part) for part in zip(*pairs, strict=True))
    return labels, answers


def share_parts(model: Any, other: Any) -> bool:
    """Return whether two models share a layer, a weight or an optimizer."""

    def parts(one: Any) -> set[int]:
        layers = [layer for layer in one.layers if layer.variables or not one.built]
        found = [*layers, *one.variables, getattr(one, "optimizer", None)]
        return {id(part) for part in found if part is not None}

    return bool(parts(model) & parts(other))


class _Returned:
    """What a function returned, without anybody having looked at it."""

    def __init__(self, value: Any) -> None:
        self.value = value


def call_before(function: Any, *arguments: Any) -> object:
    """Call a function for what it leaves behind; its result is only kept.

    A figure that is not observed is not drawn, which would take the most time.
    """
    return _Returned(function(*arguments))


def leaves_alone(function: Any, *arguments: Any) -> bool:
    """Call a function; return whether the arrays that it gets are as before."""
    import numpy as np

    arrays = [each for each in arguments if isinstance(each, np.ndarray)]
    copies = [array.copy() for array in arrays]
    function(*arguments)
    return all(map(np.array_equal, arrays, copies))


def is_same(one: Any, other: Any) -> bool:
    """Return whether two calls returned one and the same object."""
    first, second = (
        returned.value if isinstance(returned, _Returned) else returned
        for returned in (one, other)
    )
    return first is second


def holds(model: Any, *layers: Any) -> list[bool]:
    """Return, for each layer, whether it is one of a model's own, not a copy."""
    return [any(own is layer for own in model.layers) for layer in layers]


def history(curves: dict[str, list[float]]) -> keras.callbacks.History:
    """Make what ``fit`` returns, from lists with one number per epoch."""
    import keras

    made = keras.callbacks.History()
    made.history = curves
    made.epoch = list(range(max(map(len, curves.values()))))
    made.set_params({"epochs": len(made.epoch), "steps": 1, "verbose": 0})
    return made
