"""Observations: a worker's records are checked field by field, then asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from reelmark.checks.observations import (
    Callback,
    Dataset,
    Encoder,
    Figure,
    Layer,
    Model,
    Observation,
    Weight,
    build_observation,
    expect_whole,
)
from reelmark.wire.codec import Record, Reference, WireError

LAYER: dict[str, Any] = {
    "class_name": "Conv2D",
    "bases": ("Conv2D", "Layer"),
    "name": "Conv0",
    "config": {"filters": 16},
    "input_shape": (None, 64, 64, 3),
    "output_shape": None,
    "count_params": 448,
    "weight_shapes": [(3, 3, 3, 16), (16,)],
    "inbound": ("Input",),
}
LINE = {
    "label": "loss",
    "legend": "",
    "look": 0,
    "unseen": "",
    "box": (0.0, 0.0, 1.0, 1.0),
    "x": np.arange(3),
    "y": np.ones(3),
    "are_seen": np.ones(3),
}
BARS = {
    "label": "",
    "legend": "",
    "look": 0,
    "horizontal": True,
    "unseen": "",
    **{name: np.ones(2) for name in ("centres", "pixels", "lengths")},
    **{name: np.ones((2, 4)) for name in ("boxes", "seen_boxes")},
}
AXES: dict[str, Any] = {
    "box": (0.0, 0.0, 1.0, 1.0),
    **dict.fromkeys(("title", "xlabel", "ylabel"), ""),
    **{name: [] for name in ("legend", "lines", "bars", "images", "texts")},
    **{name: [] for name in ("xticks", "yticks", "table", "writing")},
}


def build(kind: str, fields: Any, handle: Any = None, answer: Any = None) -> Any:
    """Build an observation whose questions are answered with what was asked."""
    return build_observation(
        Record(kind, fields, handle), lambda *asked: answer or asked
    )


def build_text(text: str) -> Observation:
    """Build a text of a figure."""
    box = (0.0, 0.0, 1.0, 1.0)
    fields = {"text": text, "box": box, "size": 12.0, "rotation": 0.0}
    return build_observation(Record("Text", fields), lambda *asked: asked)


class TestRecords:
    """What is accepted as an observation."""

    def test_record_becomes_the_observation_of_its_kind(self) -> None:
        """Each field of a record is an attribute."""
        layer = build("Layer", LAYER, 0)
        assert type(layer) is Layer
        assert vars(layer).items() >= LAYER.items()

    def test_unknown_kind_is_refused(self) -> None:
        """A worker cannot make up kinds of observations."""
        with pytest.raises(WireError, match="'Observation' is no kind"):
            build("Observation", {})

    @pytest.mark.parametrize(
        "fields",
        [
            {key: LAYER[key] for key in LAYER if key != "name"},
            {**LAYER, "call": 1},
            {**LAYER, "_handle": 3},
            list(LAYER),
        ],
        ids=["missing", "method", "private", "no-dict"],
    )
    def test_other_fields_are_refused(self, fields: Any) -> None:
        """A record has exactly the fields of its kind."""
        with pytest.raises(WireError, match="a Layer has other fields"):
            build("Layer", fields, 0)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("name", None),
            ("config", [("filters", 16)]),
            ("input_shape", [None, 64, 64, 3]),
            ("input_shape", (None, 64.0)),
            ("count_params", "448"),
            ("bases", ("Conv2D", 3)),
        ],
        ids=["none", "pairs", "list", "float", "text", "mixed"],
    )
    def test_fields_of_a_wrong_type_are_refused(self, name: str, value: Any) -> None:
        """Every field, and every item in it, has the type that is declared."""
        with pytest.raises(WireError, match="a Layer is malformed"):
            build("Layer", {**LAYER, name: value}, 0)

    @pytest.mark.parametrize("handle", [None, True, 1.0, "0", (0,)], ids=repr)
    def test_object_without_a_number_is_refused(self, handle: Any) -> None:
        """The handle of a live object is a whole number."""
        with pytest.raises(WireError, match="wrong handle"):
            build("Layer", LAYER, handle)

    def test_part_with_a_number_is_refused(self) -> None:
        """A description of a part is not an object."""
        fields = {"path": "dense/kernel", "shape": (3, 2), "dtype": "float32"}
        with pytest.raises(WireError, match="wrong handle"):
            build("Weight", fields, 0)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"y": np.array(["a", "b", "c"], object)},
            {"y": np.ones(2)},
            {"y": np.ones((3, 1))},
            {"x": np.float64(1), "y": np.float64(1)},
        ],
        ids=["texts", "shorter", "column", "scalars"],
    )
    def test_line_holds_a_number_for_each_point(self, wrong: dict[str, Any]) -> None:
        """A check can compute with a line's points without looking at them."""
        with pytest.raises(WireError, match="malformed"):
            build("Line", {**LINE, **wrong})

    def test_bars_are_of_one_length(self) -> None:
        """Each bar has a place and a length."""
        with pytest.raises(WireError, match="malformed"):
            build("Bars", {**BARS, "lengths": np.ones(3)})

    @pytest.mark.parametrize("name", ["boxes", "seen_boxes"])
    @pytest.mark.parametrize("shape", [(2,), (2, 3), (3, 4)])
    def test_bars_have_a_box_each(self, name: str, shape: tuple[int, ...]) -> None:
        """A box is four numbers."""
        with pytest.raises(WireError, match="malformed"):
            build("Bars", {**BARS, name: np.ones(shape)})

    @pytest.mark.parametrize(
        "image",
        [np.zeros(3), np.array([["a"]], object)],
        ids=["row", "texts"],
    )
    def test_image_is_a_picture(self, image: np.ndarray) -> None:
        """An image has rows, columns and numbers."""
        with pytest.raises(WireError, match="an image is malformed"):
            build("Axes", {**AXES, "images": [image]})


NOT_PLAIN = {
    "array": np.zeros(2),
    "number-of-numpy": np.float32(1),
    "tuple": (1, 2),
    "bytes": b"relu",
    "object": build_text("relu"),
    "nested": {"layer": {"config": [1, {"units": np.zeros(2)}]}},
    "key": {1: 2},
}


class TestHostileRecords:
    """What only a lying worker sends."""

    @pytest.mark.parametrize("value", NOT_PLAIN.values(), ids=NOT_PLAIN)
    @pytest.mark.parametrize(
        ("kind", "fields", "name", "handle"),
        [
            ("Layer", LAYER, "config", 0),
            ("Encoder", {**LAYER, "vocabulary": []}, "config", 0),
            ("Metric", {"class_name": "Recall", "name": "r"}, "config", None),
            ("Operation", {"name": "shuffle"}, "settings", None),
            ("Callback", {"class_name": "C", "bases": ()}, "settings", 0),
        ],
        ids=["layer", "encoder", "metric", "operation", "callback"],
    )
    def test_settings_are_plain(
        self, value: Any, kind: str, fields: Any, name: str, handle: Any
    ) -> None:
        """Settings are plain configuration values, which any check can compare."""
        with pytest.raises(WireError, match="a setting"):
            build(kind, {**fields, name: {"units": value}}, handle)

    def test_any_plain_setting_is_taken(self) -> None:
        """Numbers that are none, nested lists and mappings are plain."""
        config = {"a": [None, True, {"b": -1, "c": "x"}], "d": float("nan")}
        assert build("Layer", {**LAYER, "config": config}, 0).config is config

    @pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
    @pytest.mark.parametrize("name", ["box", "size", "rotation"])
    def test_text_is_at_a_place(self, name: str, number: float) -> None:
        """A rotation is finite: no check could compute with infinity."""
        fields: dict[str, Any] = {"text": "Drama", "size": 12.0, "rotation": 0.0}
        fields |= {"box": (0.0, 0.0, 1.0, 1.0)}
        odd = (0.0, number, 1.0, 1.0) if name == "box" else number
        with pytest.raises(WireError, match="at no place"):
            build("Text", {**fields, name: odd})

    @pytest.mark.parametrize("name", ["position", "pixel"])
    def test_tick_is_at_a_place(self, name: str) -> None:
        """A tick has a place on its axis, and in the figure."""
        fields = {"position": 1.0, "pixel": 1.0, "label": build_text("Drama")}
        with pytest.raises(WireError, match="at no place"):
            build("Tick", {**fields, name: float("inf")})

    @pytest.mark.parametrize("name", ["centres", "pixels"])
    def test_bar_is_at_a_place(self, name: str) -> None:
        """A bar may have no length, but it stands somewhere."""
        with pytest.raises(WireError, match="at no place"):
            build("Bars", {**BARS, name: np.array([0.0, np.nan])})
        assert build("Bars", {**BARS, "lengths": np.array([0.0, np.nan])})

    def test_figure_has_a_size(self) -> None:
        """Width and height are numbers to compute with."""
        fields = {"title": "", "size": (1.0, float("inf")), "axes": [], "texts": []}
        with pytest.raises(WireError, match="of no size"):
            build("Figure", fields, 0)

    def test_figure_of_countless_points_is_refused(self) -> None:
        """A figure has as many points as a reader could see, all lines together."""
        many = np.zeros(60_000)
        line = build("Line", {**LINE, "x": many, "y": many, "are_seen": many})
        panel = build("Axes", {**AXES, "lines": [line]})
        fields = {"title": "", "size": (1.0, 1.0), "texts": []}
        build("Figure", {**fields, "axes": [panel]}, 0)
        with pytest.raises(WireError, match="a figure of 120,000 points"):
            build("Figure", {**fields, "axes": [panel, panel]}, 0)

    @pytest.mark.parametrize(
        "value",
        [
            build_text("Drama"),
            [build_text("Drama")],
            (1, [build_text("Drama")]),
            {"a": build_text("Drama")},
        ],
        ids=["itself", "list", "tuple", "mapping"],
    )
    def test_part_does_not_come_by_itself(self, value: Any) -> None:
        """Parts come inside whole objects: only these can be passed on, or asked."""
        with pytest.raises(WireError, match=r"a part \(a Text\) where an object"):
            expect_whole(value)

    def test_whole_comes_with_its_parts(self) -> None:
        """Checks can work with objects, even inside containers."""
        layer = build("Layer", LAYER, 0)
        expect_whole([layer, (layer, {"a": layer}), 1])


class TestQuestions:
    """What observations can be asked."""

    def test_object_is_passed_back_by_its_number(self) -> None:
        """An observation as an argument stands for the live object."""
        assert build("Layer", LAYER, 7).reference() == Reference(7)

    def test_part_cannot_be_passed_back(self) -> None:
        """A description of a part says so, with its kind."""
        with pytest.raises(TypeError, match="Weight is a description"):
            Weight("kernel", (1,), "float32").reference()

    @pytest.mark.parametrize(
        ("kind", "method", "args", "asked"),
        [
            (Layer, "call", (1,), ("call", (1,))),
            (Layer, "activate", (1,), ("activation", (1,))),
            (Model, "predict", (1,), ("call", (1,))),
            (Model, "get_weights", (), ("weights", ())),
            (Model, "loss_value", (1, 2), ("loss", (1, 2))),
            (Model, "look_again", (), ("look", ())),
            (Dataset, "batches", (), ("batches", (1_000,))),
            (Callback, "schedule", (1, 0.5), ("schedule", (1, 0.5))),
        ],
    )
    def test_question_reaches_the_object(
        self, kind: type[Any], method: str, args: Any, asked: Any
    ) -> None:
        """Each method asks one question of the object behind it."""
        observation = kind.__new__(kind)
        observation._handle, observation._ask = 3, lambda *asked: asked[:3]
        assert getattr(observation, method)(*args) == (3, *asked)

    def test_encoder_is_a_layer_with_a_vocabulary(self) -> None:
        """An encoder has what a layer has, and its words."""
        encoder = build("Encoder", {**LAYER, "vocabulary": ["", "[UNK]"]}, 1)
        assert isinstance(encoder, Layer)
        assert isinstance(encoder, Encoder)
        assert encoder.vocabulary == ["", "[UNK]"]

    def test_model_finds_a_layer_by_name(self) -> None:
        """A layer is found by its name; None if there is none."""
        layer = build("Layer", LAYER, 1)
        model = Model.__new__(Model)
        model.layers = [layer]
        assert model.layer("Conv0") is layer
        assert model.layer("Conv1") is None

    def test_dataset_knows_its_steps(self) -> None:
        """A pipeline is asked for any of several names of a step."""
        step = build("Operation", {"name": "parallel_map", "settings": {}})
        fields = {"element_spec": [], "operations": [step], "cardinality": 3}
        fields["keeps_order"] = True
        dataset = build("Dataset", fields, 0)
        assert dataset.has("map", "parallel_map")
        assert not dataset.has("cache")

    def test_figure_collects_what_is_written(self) -> None:
        """All texts of a figure come one per line, the title first."""
        axes = build("Axes", {**AXES, "writing": [build_text("loss")]})
        fields = {"title": "CNN", "size": (10.0, 10.0), "axes": [axes]}
        figure = build("Figure", {**fields, "texts": [build_text("note")]}, 0)
        assert isinstance(figure, Figure)
        assert figure.all_text() == "CNN\nnote\nloss"
