"""Observe: live objects of Keras, TensorFlow, pandas and matplotlib become data."""

from __future__ import annotations

import os
from collections import OrderedDict, namedtuple
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import tensorflow as tf
from matplotlib.figure import Figure as MatplotlibFigure

from kit.stage.seeing import see
from reelmark.checks.observations import (
    Axes,
    Callback,
    Dataset,
    Encoder,
    Figure,
    History,
    Layer,
    Model,
    Opaque,
)

Range = partial(tf.data.Dataset.range, 10)
Pair = namedtuple("Pair", "first second")


class Hostile:
    """An object on which every access fails."""

    @property
    def __class__(self) -> Any:
        raise RuntimeError("do not look")

    def __repr__(self) -> str:
        raise RuntimeError("do not print")


class Pretender:
    """An object that claims to be of another class."""

    def __init__(self, claimed: type) -> None:
        self._claimed = claimed

    @property
    def __class__(self) -> Any:
        return self._claimed


class TestPlainValues:
    """Numbers, texts and containers keep their exact types."""

    @pytest.mark.parametrize(
        "value",
        [None, True, 3, 10**50, 0.5, float("inf"), "é", b"\xff", [], {}, ()],
        ids=repr,
    )
    def test_python_value_is_itself(self, value: Any) -> None:
        """Python's own values arrive as they are."""
        seen = see(value)
        assert seen == value
        assert type(seen) is type(value)

    @pytest.mark.parametrize(
        "value", [np.float32(0.5), np.float64(0.5), np.int64(3), np.bool_(True)]
    )
    def test_numpy_scalar_is_no_python_number(self, value: Any) -> None:
        """A check can tell np.float64 from float."""
        seen = see(value)
        assert seen == value
        assert type(seen) is type(value)

    @pytest.mark.parametrize(
        "value", [np.str_("word"), np.bytes_(b"word")], ids=["str", "bytes"]
    )
    def test_numpy_text_is_a_text(self, value: Any) -> None:
        """A NumPy string counts as the string it is."""
        assert type(see(value)) is str
        assert see(value) == "word"

    @pytest.mark.parametrize(
        ("value", "seen"),
        [
            (Pair(1, [2]), (1, [2])),
            (OrderedDict(a=(1,)), {"a": (1,)}),
            ({np.str_("a"): 1, np.int64(2): 3}, {"a": 1, 2: 3}),
            ([np.str_("a"), {"b": None}], ["a", {"b": None}]),
        ],
        ids=["namedtuple", "ordered-dict", "numpy-keys", "nested"],
    )
    def test_containers_are_plain(self, value: Any, seen: Any) -> None:
        """Kinds of tuples, lists and dicts become tuples, lists and dicts."""
        assert see(value) == seen

    def test_dict_with_other_keys_is_opaque(self) -> None:
        """A dict is not shown with entries missing."""
        assert see({(1, 2): "a"}).type_name == "dict"

    def test_list_in_itself_ends(self) -> None:
        """A list that holds itself is described to a depth."""
        loop: list[Any] = [1]
        loop.append(loop)
        seen = see(loop)
        assert seen[1][1][0] == 1


class TestArrays:
    """Arrays and tensors arrive as arrays."""

    @pytest.mark.parametrize(
        "value",
        [
            np.eye(2, dtype=np.float32),
            tf.eye(2),
            tf.Variable(tf.eye(2)),
            keras.Variable(np.eye(2, dtype=np.float32)),
            np.ma.masked_array(np.eye(2, dtype=np.float32), mask=False),
        ],
        ids=["array", "tensor", "variable", "keras-variable", "masked"],
    )
    def test_numbers_arrive_as_an_array(self, value: Any) -> None:
        """Whatever holds numbers arrives as an array of the same dtype."""
        np.testing.assert_array_equal(see(value), np.eye(2, dtype=np.float32))
        assert type(see(value)) is np.ndarray
        assert see(value).dtype == np.float32

    @pytest.mark.parametrize(
        "value",
        [np.array(["a", "é"]), np.array([b"a", "é".encode()]), tf.constant(["a", "é"])],
        ids=["str", "bytes", "tensor"],
    )
    def test_texts_arrive_as_str(self, value: Any) -> None:
        """Texts are compared as str, whether they were bytes or not."""
        assert see(value).tolist() == ["a", "é"]

    @pytest.mark.parametrize(
        "value",
        [
            np.array([1j]),
            np.array([object()]),
            np.array(["2024-01-01"], "datetime64[D]"),
            np.zeros(2, [("a", "i4")]),
            tf.ragged.constant([[1], [1, 2]]),
            keras.Input((3,)),
        ],
        ids=["complex", "objects", "dates", "structured", "ragged", "symbolic"],
    )
    def test_other_arrays_are_opaque(self, value: Any) -> None:
        """Arrays of neither numbers nor text are described by their class."""
        assert isinstance(see(value), Opaque)
        assert see(value).type_name == type(value).__name__


class TestOpaque:
    """Objects that no check knows."""

    @pytest.mark.parametrize(
        "value",
        [range(3), {1}, print, 1j, pd.Series([1])],
        ids=lambda value: type(value).__name__,
    )
    def test_unknown_object_is_told_by_its_class(self, value: Any) -> None:
        """An object without a description has a class and a text."""
        seen = see(value)
        assert (seen.type_name, seen.text) == (type(value).__name__, repr(value)[:300])

    def test_place_in_memory_is_not_told(self) -> None:
        """An object's address differs from run to run, and says nothing."""
        assert see(object()).text == "<object object>"

    def test_unknown_object_can_be_passed_back(self) -> None:
        """An object that no check knows is an argument like any other."""
        assert see(object()).reference().handle == 0

    def test_long_repr_is_cut(self) -> None:
        """A repr of megabytes is not sent."""
        assert len(see(Exception("x" * 10_000)).text) == 300

    def test_hostile_repr_is_told(self) -> None:
        """An object that cannot be printed does not break the description."""

        class Mute:
            def __repr__(self) -> str:
                raise RuntimeError

        assert see(Mute()).text == "(its repr() raised RuntimeError)"

    def test_object_that_cannot_be_looked_at_is_opaque(self) -> None:
        """An object whose class raises is still told by its class."""
        assert see([Hostile()])[0].type_name == "Hostile"

    @pytest.mark.parametrize(
        "claimed",
        [
            *(np.ndarray, tf.Tensor, keras.Model, keras.layers.TextVectorization),
            *(tf.data.Dataset, pd.DataFrame, MatplotlibFigure),
            keras.callbacks.History,
        ],
        ids=lambda claimed: claimed.__name__,
    )
    def test_pretender_is_opaque(self, claimed: type) -> None:
        """An object that claims a false class is described by its own."""
        assert see(Pretender(claimed)).type_name == "Pretender"

    def test_class_with_a_lying_name_is_told_by_its_own(self) -> None:
        """A metaclass cannot send another name, or one that is no text."""

        class Meta(type):
            @property
            def __name__(cls) -> int:  # type: ignore[override]
                return 5

        class Odd(metaclass=Meta):
            pass

        assert see(Odd()).type_name == "Odd"


def functional() -> Any:
    """A functional model of two layers."""
    inputs = keras.Input((4,), name="Input")
    hidden = keras.layers.Dense(3, activation="relu", name="Hidden")(inputs)
    outputs = keras.layers.Dense(1, name="Output")(hidden)
    return keras.Model(inputs, outputs, name="net")


class TestModels:
    """Keras models."""

    def test_functional_model_shows_its_layers(self) -> None:
        """Layers come in order, with the input layer and what each one takes."""
        model = see(functional())
        assert type(model) is Model
        assert [layer.name for layer in model.layers] == ["Input", "Hidden", "Output"]
        assert [layer.inbound for layer in model.layers] == [
            (),
            ("Input",),
            ("Hidden",),
        ]

    def test_functional_model_shows_its_shapes(self) -> None:
        """Shapes have None for the batch; weights have theirs."""
        model = see(functional())
        assert (model.input_shape, model.output_shape) == ((None, 4), (None, 1))
        assert model.layer("Hidden").output_shape == (None, 3)
        assert [weight.shape for weight in model.weights] == [
            (4, 3),
            (3,),
            (3, 1),
            (1,),
        ]
        assert model.count_params == 4 * 3 + 3 + 3 + 1

    def test_layer_shows_its_settings(self) -> None:
        """A layer's configuration is plain data."""
        config = see(functional()).layer("Hidden").config
        assert (config["units"], config["activation"]) == (3, "relu")

    def test_model_knows_its_classes(self) -> None:
        """A model's bases tell what kind of model it is."""
        sequential = see(keras.Sequential([keras.layers.Dense(1)]))
        assert sequential.class_name == "Sequential"
        assert "Model" in sequential.bases

    def test_unbuilt_model_has_no_shapes(self) -> None:
        """Anything unknown before the first call is None."""
        model = see(keras.Sequential([keras.layers.Dense(2)]))
        assert (model.input_shape, model.count_params) == (None, None)
        assert model.layers[0].count_params is None
        assert model.weights == []

    def test_model_of_two_inputs_has_no_single_shape(self) -> None:
        """A model of several inputs is described without an input shape."""
        inputs = [keras.Input((2,), name="a"), keras.Input((3,), name="b")]
        joined = keras.layers.Concatenate(name="both")(inputs)
        model = see(keras.Model(inputs, keras.layers.Dense(1)(joined)))
        assert model.input_shape is None
        assert model.layer("both").inbound == ("a", "b")
        assert model.output_shape == (None, 1)

    def test_looking_again_shows_what_became_of_it(self) -> None:
        """A model that was built by a call is described anew."""
        model = see(keras.Sequential([keras.layers.Dense(2)]))
        model.predict(np.ones((1, 3), np.float32))
        assert model.look_again().count_params == 3 * 2 + 2

    def test_prediction_is_an_array(self) -> None:
        """A model answers with the array it computes, dropout switched off."""
        layers = [keras.layers.Dropout(0.9), keras.layers.Activation("relu")]
        model = see(keras.Sequential([keras.Input((2,)), *layers]))
        predicted = model.predict(np.array([[-1.0, 2.0]], np.float32))
        assert predicted.tolist() == [[0.0, 2.0]]

    def test_weights_are_arrays(self) -> None:
        """Weights come as arrays in the order of their descriptions."""
        model = see(functional())
        shapes = [weight.shape for weight in model.weights]
        assert [array.shape for array in model.get_weights()] == shapes

    def test_model_that_is_not_compiled_says_so(self) -> None:
        """Without compile() there is nothing to describe."""
        assert see(functional()).compiled is None

    @pytest.mark.parametrize(
        ("loss", "name"),
        [
            ("binary_crossentropy", "binary_crossentropy"),
            (keras.losses.binary_crossentropy, "binary_crossentropy"),
            (keras.losses.BinaryCrossentropy(), "BinaryCrossentropy"),
            (["mse"], "mse"),
        ],
        ids=["text", "function", "object", "list"],
    )
    def test_loss_is_told_by_its_name(self, loss: Any, name: str) -> None:
        """However a loss is given, it has a name."""
        model = functional()
        model.compile(loss=loss)
        assert see(model).compiled.loss == name

    def test_compile_settings_are_told(self) -> None:
        """The optimizer, its learning rate and the metrics asked for are told."""
        model = functional()
        model.compile(
            keras.optimizers.Adam(0.25),
            "mse",
            metrics=["mae", keras.metrics.Precision(name="p", thresholds=0.25)],
        )
        compiled = see(model).compiled
        assert (compiled.optimizer, compiled.learning_rate) == ("Adam", 0.25)
        assert [metric.class_name for metric in compiled.metrics] == [
            "MeanAbsoluteError",
            "Precision",
        ]
        assert compiled.metrics[1].name == "p"
        assert compiled.metrics[1].config["thresholds"] == 0.25

    def test_settings_of_the_optimizer_are_told(self) -> None:
        """A learning-rate schedule is not taken for its first number."""
        schedule = keras.optimizers.schedules.ExponentialDecay(0.25, 10, 0.5)
        model = functional()
        model.compile(keras.optimizers.Adam(schedule), "mse")
        compiled = see(model).compiled
        assert compiled.learning_rate == 0.25
        assert compiled.settings["learning_rate"]["class_name"] == "ExponentialDecay"

    def test_metric_that_is_asked_for_by_name_is_called_so(self) -> None:
        """The history has the name that was given, however Keras resolves it."""
        model = functional()
        model.compile(loss="mse", metrics=["Precision", "mae"])
        names = [metric.name for metric in see(model).compiled.metrics]
        assert names == ["Precision", "mae"]

    def test_metrics_are_measured_over_batches(self) -> None:
        """A metric has a value over all batches; one that fails has none."""

        def broken(y_true: Any, y_pred: Any) -> Any:
            del y_true, y_pred
            raise ValueError

        model = functional()
        recall = keras.metrics.Recall()
        model.compile(loss="mse", metrics=[recall, "mse", broken])
        batches = [
            (np.ones((3, 1)), np.ones((3, 1))),
            (np.ones((1, 1)), np.zeros((1, 1))),
        ]
        assert see(model).metric_values(batches) == [0.75, 0.25, None]
        assert float(recall.result()) == 0.0

    def test_loss_of_predictions_is_computed(self) -> None:
        """The compiled loss of given answers is a float."""
        model = functional()
        model.compile(loss="mse")
        assert see(model).loss_value(np.zeros((2, 1)), np.full((2, 1), 3.0)) == 9.0


@keras.saving.register_keras_serializable()
class Unit(keras.layers.LSTM):
    """A layer derived from one of Keras's."""


class TestLayers:
    """Single layers."""

    def test_embedding_tells_its_sizes(self) -> None:
        """An embedding that is not built yet has its settings."""
        layer = see(keras.layers.Embedding(9, 4, mask_zero=True))
        assert type(layer) is Layer
        settings = (layer.config["input_dim"], layer.config["output_dim"])
        assert settings == (9, 4)
        assert layer.config["mask_zero"] is True
        assert layer.output_shape is None

    def test_layer_answers(self) -> None:
        """A layer can be called, and its activation too."""
        layer = see(keras.layers.Dense(1, activation="relu"))
        assert layer.call(np.zeros((2, 3), np.float32)).tolist() == [[0.0], [0.0]]
        assert layer.activate(np.array([-1.0, 1.0])).tolist() == [0.0, 1.0]

    def test_wrapped_layer_shows_what_it_wraps(self) -> None:
        """The settings of a layer in a layer are there."""
        layer = keras.layers.Bidirectional(keras.layers.LSTM(5, dropout=0.5))
        assert see(layer).config["layer"]["config"]["dropout"] == 0.5

    def test_layer_of_its_own_class_is_what_it_derives_from(self) -> None:
        """A class derived from a layer of Keras has that layer's name."""
        assert see(Unit(3)).class_name == "LSTM"
        assert see(keras.layers.SpatialDropout2D(0.2)).class_name == "SpatialDropout2D"

    def test_wrapped_layer_is_what_it_derives_from(self) -> None:
        """Inside Bidirectional, too, a derived class is named by its Keras layer."""
        wrapper = see(keras.layers.Bidirectional(Unit(3)))
        assert wrapper.config["layer"]["class_name"] == "LSTM"

    def test_layer_written_from_scratch_keeps_its_name(self) -> None:
        """A class that derives only from Layer is not one of Keras's layers."""

        class Scratch(keras.layers.Layer):
            pass

        assert see(Scratch()).class_name == "Scratch"

    def test_encoder_shows_its_vocabulary(self) -> None:
        """An encoder's words are there, the most frequent first."""
        encoder = keras.layers.TextVectorization()
        encoder.adapt(["film film film", "story story", "man"])
        seen = see(encoder)
        assert type(seen) is Encoder
        assert seen.vocabulary == ["", "[UNK]", "film", "story", "man"]
        assert seen.call(["man story"]).tolist() == [[4, 3]]

    def test_encoder_that_learnt_nothing_has_no_words(self) -> None:
        """An encoder before adapt() has the special entries at most."""
        assert "film" not in see(keras.layers.TextVectorization()).vocabulary

    def test_configuration_in_itself_ends(self) -> None:
        """A layer whose settings hold themselves is described."""

        class Loop(keras.layers.Layer):
            def get_config(self) -> dict[str, Any]:
                config: dict[str, Any] = {"units": np.str_("many")}
                return config | {"self": config, "list": [config]}

        assert see(Loop()).config["units"] == "many"


def steps_of(dataset: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return the steps of a pipeline, with their settings."""
    return [(step.name, step.settings) for step in see(dataset).operations]


BATCH = {"batch_size": 3, "drop_remainder": False}


class TestDatasets:
    """Pipelines of tf.data."""

    @pytest.mark.parametrize(
        ("make", "step"),
        [
            (lambda d: d.map(abs), ("map", {})),
            (
                lambda d: d.map(abs, num_parallel_calls=2),
                ("parallel_map", {"num_parallel_calls": 2}),
            ),
            (
                lambda d: d.map(abs, num_parallel_calls=tf.data.AUTOTUNE),
                ("parallel_map", {"num_parallel_calls": -1}),
            ),
            (lambda d: d.batch(3), ("batch", BATCH)),
            (
                lambda d: d.batch(3, True, num_parallel_calls=2),
                (
                    "parallel_batch",
                    {"batch_size": 3, "drop_remainder": True, "num_parallel_calls": 2},
                ),
            ),
            (lambda d: d.padded_batch(3), ("padded_batch", BATCH)),
            (lambda d: d.shuffle(5), ("shuffle", {"buffer_size": 5})),
            (lambda d: d.prefetch(2), ("prefetch", {"buffer_size": 2})),
            (lambda d: d.prefetch(-1), ("prefetch", {"buffer_size": -1})),
            (lambda d: d.cache(), ("cache", {})),
            (lambda d: d.repeat(), ("repeat", {})),
            (lambda d: d.take(2), ("take", {})),
            (lambda d: d.skip(2), ("skip", {})),
            (lambda d: d.shard(2, 0), ("shard", {})),
            (lambda d: d.filter(lambda x: x > 2), ("filter", {})),
            (lambda d: d.interleave(lambda _: Range()), ("interleave", {})),
            (lambda d: d.flat_map(lambda _: Range()), ("flat_map", {})),
            (lambda d: d.with_options(tf.data.Options()), ("options", {})),
            (lambda d: d.window(3), ("window", {"drop_remainder": False})),
        ],
        ids=[
            *("map", "parallel-map", "autotuned-map", "batch", "parallel-batch"),
            *("padded-batch", "shuffle", "prefetch", "autotuned-prefetch", "cache"),
            *("repeat", "take", "skip", "shard", "filter", "interleave", "flat-map"),
            *("options", "window"),
        ],
    )
    def test_step_is_told_with_its_settings(self, make: Any, step: Any) -> None:
        """Each usual step has tf.data's name for it, and its settings."""
        assert steps_of(make(Range())) == [("range", {}), step]

    def test_steps_come_in_order(self) -> None:
        """A pipeline is told from its source on."""
        films = tf.data.Dataset.from_tensor_slices(([1, 2], [3, 4]))
        dataset = films.map(lambda x, y: (x, y)).cache().shuffle(2).batch(2).prefetch(1)
        names = [name for name, _ in steps_of(dataset)]
        expected = ["tensor_slice", "map", "cache", "shuffle", "batch", "prefetch"]
        assert names == expected

    def test_every_source_is_told(self) -> None:
        """A pipeline of two sources tells both before what joins them."""
        zipped = tf.data.Dataset.zip((Range().cache(), Range()))
        names = [name for name, _ in steps_of(zipped)]
        assert names == ["range", "cache", "range", "zip"]

    def test_version_of_a_step_is_no_part_of_its_name(self, tmp_path: Path) -> None:
        """A step has the same name in each of its versions."""
        lines = tf.data.TextLineDataset([str(tmp_path)])
        assert steps_of(lines) == [("text_line", {})]

    @pytest.mark.parametrize(
        ("options", "keeps_order"),
        [
            ({}, True),
            ({"deterministic": True}, True),
            ({"deterministic": False}, False),
        ],
        ids=["default", "told-to", "told-not-to"],
    )
    @pytest.mark.parametrize("how", ["map", "interleave", "batch"])
    def test_parallel_steps_say_whether_they_keep_the_order(
        self, how: str, options: dict[str, bool], keeps_order: bool
    ) -> None:
        """For each kind of parallel step, it is known whether it keeps the order."""
        options = {"num_parallel_calls": 2, **options}
        dataset = {
            "map": lambda: Range().map(lambda x: x, **options),
            "interleave": lambda: Range().interleave(
                tf.data.Dataset.from_tensors, cycle_length=2, **options
            ),
            "batch": lambda: Range().batch(2, **options),
        }[how]()
        assert see(dataset.cache().batch(2)).keeps_order is keeps_order

    @pytest.mark.parametrize(
        ("deterministic", "keeps_order"), [(None, False), (True, True)]
    )
    def test_options_of_a_pipeline_may_leave_the_order_open(
        self, deterministic: bool | None, keeps_order: bool
    ) -> None:
        """Options hold for the steps that are not told otherwise."""
        options = tf.data.Options()
        options.deterministic = False
        films = Range().map(lambda x: x, 2, deterministic=deterministic)
        assert see(films.with_options(options)).keeps_order is keeps_order

    @pytest.mark.parametrize(
        ("dataset", "cardinality"),
        [
            (Range().batch(4), 3),
            (Range().repeat(), -1),
            (Range().filter(lambda x: x > 2), -2),
        ],
        ids=["known", "infinite", "unknown"],
    )
    def test_length_is_told(self, dataset: Any, cardinality: int) -> None:
        """The number of elements is tf.data's: -1 without end, -2 unknown."""
        assert see(dataset).cardinality == cardinality

    def test_elements_are_told(self) -> None:
        """Each part of an element has a shape and a dtype."""
        pairs = tf.data.Dataset.from_tensor_slices((["a", "b"], np.zeros((2, 3))))
        specs = see(pairs.batch(2)).element_spec
        assert [(spec.shape, spec.dtype) for spec in specs] == [
            ((None,), "string"),
            ((None, 3), "float64"),
        ]

    def test_part_without_a_tensor_is_told(self) -> None:
        """A label of None is a part of an element too."""
        dataset = see(Range().map(lambda x: (x, None)))
        assert [spec.shape for spec in dataset.element_spec] == [(), None]
        assert dataset.batches(1) == [(np.array(0), None)]

    def test_batches_are_tuples_of_arrays(self) -> None:
        """One pass gives every batch, the smaller last one as well."""
        pairs = tf.data.Dataset.from_tensor_slices((["a", "b", "c"], [1, 2, 3]))
        dataset = see(pairs.batch(2))
        assert type(dataset) is Dataset
        batches = dataset.batches()
        assert [texts.tolist() for texts, _ in batches] == [["a", "b"], ["c"]]
        assert [numbers.tolist() for _, numbers in batches] == [[1, 2], [3]]

    def test_number_of_batches_is_bounded(self) -> None:
        """A dataset without an end can be looked at."""
        assert len(see(Range().repeat()).batches(25)) == 25


class TestTraining:
    """Callbacks and what fit returns."""

    def test_callback_shows_its_settings(self) -> None:
        """A checkpoint tells what it watches and what it saves."""
        checkpoint = keras.callbacks.ModelCheckpoint(
            "best.weights.h5", save_best_only=True, save_weights_only=True
        )
        seen = see(checkpoint)
        assert type(seen) is Callback
        assert seen.class_name == "ModelCheckpoint"
        wanted = {
            "monitor": "val_loss",
            "save_best_only": True,
            "filepath": "best.weights.h5",
        }
        assert seen.settings.items() >= wanted.items()

    def test_own_callback_knows_its_bases(self) -> None:
        """A callback of a student's own class is told with what it derives from."""

        class Mine(keras.callbacks.ModelCheckpoint):
            pass

        assert "ModelCheckpoint" in see(Mine("x.keras")).bases

    def test_schedule_answers(self) -> None:
        """A learning-rate scheduler tells what it makes of an epoch."""
        callback = keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr * epoch)
        assert see(callback).schedule(3, 0.5) == 1.5

    def test_history_shows_its_curves(self) -> None:
        """A history has lists of floats, and its epochs."""
        history = keras.callbacks.History()
        history.history = {"loss": [np.float32(0.5), 0.25], "val_loss": [1, 2]}
        history.epoch = [0, 1]
        seen = see(history)
        assert type(seen) is History
        assert seen.history == {"loss": [0.5, 0.25], "val_loss": [1.0, 2.0]}
        assert seen.epochs == [0, 1]


class TestTables:
    """Data frames arrive as data frames."""

    @pytest.mark.parametrize(
        "frame",
        [
            pd.DataFrame({"f1": [0.5, np.nan], "support": [1, 2]}, index=["a", "b"]),
            pd.DataFrame(),
            pd.DataFrame({"a": []}),
            pd.DataFrame([[1, 2]], columns=["twice", "twice"]),
            pd.DataFrame([[1, 2]], columns=[0, "b"]),
            pd.DataFrame({"Correct": [True, False], "Genre": ["Crime", None]}),
            pd.DataFrame(
                [[1, 2]], columns=pd.MultiIndex.from_tuples([("x", 1), ("x", 2)])
            ),
        ],
        ids=["scores", "empty", "no-rows", "twins", "numbers", "mixed", "two-levels"],
    )
    def test_frame_arrives(self, frame: pd.DataFrame) -> None:
        """Columns, rows and values are the same; dtypes may be others."""
        pd.testing.assert_frame_equal(
            see(frame), frame, check_dtype=False, check_column_type=False,
            check_index_type=False,
        )  # fmt: skip

    def test_odd_cells_arrive(self) -> None:
        """Cells that hold lists or objects do not break a frame."""
        seen = see(pd.DataFrame({"a": [[1, "x"], {"k": 1}, object()]}))
        assert seen["a"][0] == [1, "x"]
        assert seen["a"][1] == {"k": 1}
        assert seen["a"][2].type_name == "object"


@pytest.fixture
def figure() -> MatplotlibFigure:
    """An empty figure of 400 x 300 pixels."""
    return MatplotlibFigure(figsize=(4, 3), dpi=100)


def panel_of(figure: MatplotlibFigure) -> Axes:
    """Return the only panel of a figure, as a check sees it."""
    (panel,) = see(figure).axes
    return panel


class TestFigures:
    """Figures of matplotlib."""

    def test_titles_and_labels_are_told(self, figure: MatplotlibFigure) -> None:
        """What stands above and beside a panel is there."""
        figure.suptitle("CNN")
        axes = figure.add_subplot()
        axes.set(title="Loss", xlabel="Epoch", ylabel="Value")
        seen = see(figure)
        assert type(seen) is Figure
        assert (seen.title, seen.size) == ("CNN", (400.0, 300.0))
        panel = seen.axes[0]
        assert (panel.title, panel.xlabel, panel.ylabel) == ("Loss", "Epoch", "Value")

    def test_lines_show_their_points(self, figure: MatplotlibFigure) -> None:
        """A line has its label, its name in the legend and its data."""
        axes = figure.add_subplot()
        axes.plot([1, 2], [0.5, 0.25], label="training")
        axes.legend()
        panel = panel_of(figure)
        (line,) = panel.lines
        assert (line.label, line.legend) == ("training", "training")
        assert panel.legend == ["training"]
        assert (line.x.tolist(), line.y.tolist()) == ([1, 2], [0.5, 0.25])

    @pytest.mark.parametrize(
        "x",
        [["one", "two"], pd.to_datetime(["2024-01-01", "2024-01-02"])],
        ids=["texts", "dates"],
    )
    def test_lines_over_names_have_places(
        self, figure: MatplotlibFigure, x: Any
    ) -> None:
        """Points over names or dates are where they are drawn."""
        figure.add_subplot().plot(x, [0.5, 0.25])
        (line,) = panel_of(figure).lines
        assert np.diff(line.x).tolist() == [1.0]

    @pytest.mark.parametrize("horizontal", [False, True])
    def test_bars_show_places_and_lengths(
        self, figure: MatplotlibFigure, horizontal: bool
    ) -> None:
        """A group of bars has a length at each place, upright or lying."""
        axes = figure.add_subplot()
        draw = axes.barh if horizontal else axes.bar
        draw([0, 1, 2], [5, 0, 7], label="f1")
        (bars,) = panel_of(figure).bars
        assert (bars.label, bars.horizontal) == ("f1", horizontal)
        assert bars.centres.tolist() == [0.0, 1.0, 2.0]
        assert bars.lengths.tolist() == [5.0, 0.0, 7.0]

    @pytest.mark.parametrize(
        ("limits", "are_seen"),
        [
            ({}, [True, True, False]),
            ({"ylim": (0, 3)}, [True, False, False]),
            ({"ylim": (1, 9), "xlim": (0, 1)}, [True, True, False]),
            ({"ylim": (5, 6)}, [False, False, False]),
            ({"xlim": (2, 0)}, [True, True, False]),
            ({"yscale": "log", "ylim": (2, 10)}, [False, True, False]),
        ],
        ids=["all", "beginning", "at-the-limits", "between", "turned-round", "log"],
    )
    def test_line_shows_which_points_are_seen(
        self,
        figure: MatplotlibFigure,
        limits: dict[str, Any],
        are_seen: list[bool],
    ) -> None:
        """A point is not seen beyond the limits of its panel, nor one that is NaN."""
        axes = figure.add_subplot()
        axes.plot([0, 1, 2], [1, 9, float("nan")])
        axes.set(**limits)
        (line,) = panel_of(figure).lines
        assert line.are_seen.tolist() == are_seen

    def test_lines_of_one_look_have_one_number(self, figure: MatplotlibFigure) -> None:
        """A colour, a style, a width or a marker makes another look."""
        axes = figure.add_subplot()
        for look in ({}, {}, {"lw": 9}, {"ls": "--"}, {"marker": "o"}, {"color": "r"}):
            axes.plot([1, 2], **{"color": "b", **look})
        assert [line.look for line in panel_of(figure).lines] == [0, 0, 1, 2, 3, 4]

    def test_line_has_a_box_around_what_is_seen_of_it(
        self, figure: MatplotlibFigure
    ) -> None:
        """Points beyond the limits are not in it; without any other it is empty."""
        axes = figure.add_subplot(position=(0, 0, 1, 1))
        axes.plot([0, 1, 9], [0, 1, 1])
        axes.plot([5, 6], [0, 1])
        axes.set(xlim=(0, 2), ylim=(0, 2))
        boxes = [line.box for line in panel_of(figure).lines]
        assert boxes == [(0, 0, 200, 150), (0, 0, 0, 0)]

    def test_bars_of_one_look_have_one_number(self, figure: MatplotlibFigure) -> None:
        """A colour, an edge or a hatch makes another look."""
        axes = figure.add_subplot()
        for look in ({}, {}, {"edgecolor": "k"}, {"hatch": "/"}, {"color": "r"}):
            axes.bar([1, 2], [1, 2], **{"color": "b", **look})
        assert [bars.look for bars in panel_of(figure).bars] == [0, 0, 1, 2, 3]

    def test_line_that_is_not_clipped_is_seen(self, figure: MatplotlibFigure) -> None:
        """What is drawn beyond the limits is seen there."""
        axes = figure.add_subplot()
        axes.plot([1, 2], clip_on=False)
        axes.set_ylim(8, 9)
        (line,) = panel_of(figure).lines
        assert line.are_seen.tolist() == [True, True]

    @pytest.mark.parametrize("horizontal", [False, True])
    def test_bars_show_what_the_limits_leave_of_them(
        self, figure: MatplotlibFigure, horizontal: bool
    ) -> None:
        """A bar has a box, and a box of what is seen: all of it, a part, or nothing."""
        axes = figure.add_subplot(position=(0, 0, 1, 1))
        draw, limit = (
            (axes.barh, axes.set_xlim) if horizontal else (axes.bar, axes.set_ylim)
        )
        draw([0, 1, 2], [0.25, 0.75, 5.0])
        limit(0.5, 1)
        panel = panel_of(figure)
        (bars,) = panel.bars
        along = slice(0, None, 2) if horizontal else slice(1, None, 2)
        extent = 400 if horizontal else 300
        assert panel.box == (0, 0, 400, 300)
        assert bars.boxes[1, along].round().tolist() == [-extent, extent / 2]
        assert np.diff(bars.seen_boxes[:, along]).round().ravel().tolist() == [
            0,
            extent / 2,
            extent,
        ]

    def test_bars_beyond_the_limits_are_seen_if_nothing_clips_them(
        self, figure: MatplotlibFigure
    ) -> None:
        """What is not clipped is seen whole, unless it is switched off."""
        axes = figure.add_subplot()
        _one, other = axes.bar([0, 1], [5, 5], clip_on=False)
        other.set_visible(False)
        axes.set_ylim(0, 1)
        (bars,) = panel_of(figure).bars
        assert bars.seen_boxes[0].tolist() == bars.boxes[0].tolist()
        assert bars.seen_boxes[1].tolist() == [0, 0, 0, 0]

    def test_ticks_show_places_and_names(self, figure: MatplotlibFigure) -> None:
        """A labelled tick within the axis is there; others are not."""
        axes = figure.add_subplot()
        axes.set_xticks([0, 1, 9], ["Crime", "Drama", "outside"])
        axes.set_xlim(-1, 2)
        ticks = panel_of(figure).xticks
        assert [(t.position, t.label.text) for t in ticks] == [
            (0.0, "Crime"),
            (1.0, "Drama"),
        ]
        assert ticks[0].pixel < ticks[1].pixel

    def test_texts_have_boxes(self, figure: MatplotlibFigure) -> None:
        """A text has its place in pixels: left, bottom, right, top."""
        figure.add_subplot().text(0.5, 0.5, "note")
        figure.text(0.1, 0.1, "outside")
        seen = see(figure)
        (note,), (outside,) = seen.axes[0].texts, seen.texts
        assert (note.text, outside.text) == ("note", "outside")
        left, bottom, right, top = outside.box
        assert left == pytest.approx(40, abs=2)  # a tenth of 400 pixels
        assert (left < right, bottom < top) == (True, True)

    def test_invisible_things_are_left_out(self, figure: MatplotlibFigure) -> None:
        """What a reader cannot see does not count."""
        axes = figure.add_subplot()
        axes.set_xlabel("hidden")
        axes.set_axis_off()
        figure.add_subplot().set_visible(False)
        assert panel_of(figure).xlabel == ""

    def test_titles_that_are_switched_off_are_left_out(
        self, figure: MatplotlibFigure
    ) -> None:
        """A title, or the label of an axis, counts if it can be seen."""
        figure.suptitle("hidden", visible=False)
        axes = figure.add_subplot()
        axes.set_title("hidden", visible=False)
        axes.set_title("left", loc="left")
        axes.set_ylabel("hidden", visible=False)
        seen = see(figure)
        assert "hidden" not in seen.all_text()
        assert (seen.title, seen.axes[0].title, seen.axes[0].ylabel) == ("", "left", "")

    @pytest.mark.filterwarnings("ignore:posx and posy")
    def test_what_is_at_no_place_is_left_out(self, figure: MatplotlibFigure) -> None:
        """An undefined score has a bar without length and a label without position.

        Such figures are right; nothing in them must look like a lie of the worker.
        """
        axes = figure.add_subplot()
        bars = axes.barh(["Crime", "N/A"], [0.5, float("nan")])
        axes.bar_label(bars)
        axes.bar([0.0, float("nan")], [1.0, 1.0])
        axes.text(float("inf"), 0.5, "nowhere")
        axes.text(0.5, 0.5, "turned", rotation=float("nan"))
        panel = panel_of(figure)
        crime, _ = panel.bars
        assert [text.text for text in panel.texts] == ["0.5"]
        assert np.isnan(crime.lengths[1])
        assert [len(group.centres) for group in panel.bars] == [2, 1]

    def test_image_is_an_array(self, figure: MatplotlibFigure) -> None:
        """A poster is there pixel by pixel."""
        poster = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
        figure.add_subplot().imshow(poster)
        np.testing.assert_array_equal(panel_of(figure).images[0], poster)

    @pytest.mark.parametrize(
        ("options", "limits", "seen"),
        [
            ({"origin": "lower"}, {}, np.s_[::-1]),
            ({}, {"ylim": (-0.5, 1.5)}, np.s_[::-1]),
            ({}, {"xlim": (3.5, -0.5)}, np.s_[:, ::-1]),
            ({"extent": (1, 0, 0, 1)}, {"xlim": (0, 1)}, np.s_[:, ::-1]),
            ({}, {"ylim": (0.5, -0.5)}, np.s_[:1]),
            ({}, {"xlim": (0.5, 2.5)}, np.s_[:, 1:3]),
        ],
        ids=[
            *("origin", "upwards", "from-the-right", "extent"),
            *("upper-half", "middle"),
        ],
    )
    def test_image_is_as_a_reader_sees_it(
        self,
        figure: MatplotlibFigure,
        options: dict[str, Any],
        limits: dict[str, Any],
        seen: Any,
    ) -> None:
        """Flipped axes flip the image; what the limits cut off is left out."""
        poster = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
        axes = figure.add_subplot()
        axes.imshow(poster, aspect="auto", **options)
        axes.set(**limits)
        np.testing.assert_array_equal(panel_of(figure).images[0], poster[seen])

    def test_figure_is_looked_at_again(self, figure: MatplotlibFigure) -> None:
        """What is drawn after a figure was observed shows when it is observed again."""
        axes = figure.add_subplot()
        seen = see(figure)
        axes.plot([1, 2])
        assert (len(seen.axes[0].lines), len(seen.look_again().axes[0].lines)) == (0, 1)

    def test_table_is_rows_of_texts(self, figure: MatplotlibFigure) -> None:
        """A table in a panel is read row by row."""
        figure.add_subplot().table([["Crime", "0.50"], ["Drama", "0.25"]])
        assert panel_of(figure).table == [["Crime", "0.50"], ["Drama", "0.25"]]

    def test_figure_that_cannot_be_drawn_says_why(
        self, figure: MatplotlibFigure
    ) -> None:
        """A text with broken mathematics makes a figure opaque, with the reason."""
        figure.add_subplot().set_title(r"$\frac{1$")
        seen = see(figure)
        assert isinstance(seen, Opaque)
        assert "(looking at it raised ValueError: " in seen.text
