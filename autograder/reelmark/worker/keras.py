"""Descriptions of models, layers, datasets and callbacks, and questions to them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from reelmark.wire.codec import Record

Keep = Callable[[Any], int]

MAX_DEPTH = 16
"""Depth of a configuration: enough for a model in a model in a model, while a list
that contains itself comes to an end."""


def _keras() -> Any:
    """Return Keras if anything has imported it; otherwise no object is Keras's."""
    return sys.modules.get("keras")


def is_model(value: Any) -> bool:
    """Return whether ``value`` is a Keras model."""
    return _keras() is not None and isinstance(value, _keras().Model)


def is_layer(value: Any) -> bool:
    """Return whether ``value`` is a Keras layer."""
    return _keras() is not None and isinstance(value, _keras().Layer)


def is_dataset(value: Any) -> bool:
    """Return whether ``value`` is a ``tf.data.Dataset``."""
    tensorflow = sys.modules.get("tensorflow")
    return tensorflow is not None and isinstance(value, tensorflow.data.Dataset)


def is_callback(value: Any) -> bool:
    """Return whether ``value`` is a Keras callback."""
    return _keras() is not None and isinstance(value, _keras().callbacks.Callback)


def is_history(value: Any) -> bool:
    """Return whether ``value`` is what ``fit`` returns."""
    return _keras() is not None and isinstance(value, _keras().callbacks.History)


def describe_model(model: Any, keep: Keep, _depth: int) -> Record:
    """Describe a model: layers, shapes, weights, how it was compiled."""
    described = [describe_layer(layer, keep, 0) for layer in model.layers]
    weights = [
        {"path": w.path, "shape": _ints(w.shape), "dtype": str(w.dtype)}
        for w in model.weights
    ]
    fields = {
        "class_name": type(model).__name__,
        "bases": _bases(model),
        "name": str(model.name),
        "layers": described,
        "input_shape": _shape_of(lambda: model.input_shape),
        "output_shape": _shape_of(lambda: model.output_shape),
        "input_dtype": _attempt(lambda: str(model.inputs[0].dtype)),
        "weights": [Record("Weight", weight) for weight in weights],
        "count_params": _attempt(lambda: int(model.count_params())),
        "compiled": _describe_compiled(model),
    }
    return Record("Model", fields, keep(model))


def describe_layer(layer: Any, keep: Keep, _depth: int) -> Record:
    """Describe a layer; an encoder (``TextVectorization``) with its vocabulary."""
    fields = {
        "class_name": _layer_class(layer),
        "bases": _bases(layer),
        "name": str(layer.name),
        "config": _attempt(lambda: _layer_config(layer)) or {},
        "input_shape": _shape_of(lambda: layer.input.shape),
        "output_shape": _shape_of(lambda: layer.output.shape),
        "count_params": _attempt(lambda: int(layer.count_params())),
        "weight_shapes": _attempt(lambda: _weight_shapes(layer)) or [],
        "inbound": _attempt(lambda: tuple(_inbound(layer))) or (),
    }
    handle = keep(layer)
    if isinstance(layer, _keras().layers.TextVectorization):
        words = _attempt(lambda: [str(word) for word in layer.get_vocabulary()])
        return Record("Encoder", {**fields, "vocabulary": words or []}, handle)
    return Record("Layer", fields, handle)


def describe_dataset(dataset: Any, keep: Keep, _depth: int) -> Record:
    """Describe a dataset: its element spec and its operations, source first."""
    import tensorflow as tf

    specs = tf.nest.flatten(dataset.element_spec)
    fields = {
        "element_spec": [_describe_spec(spec) for spec in specs],
        "operations": [_describe_operation(step) for step in _steps(dataset)],
        "cardinality": int(dataset.cardinality()),
        "keeps_order": _keeps_order(dataset),
    }
    return Record("Dataset", fields, keep(dataset))


def describe_callback(callback: Any, keep: Keep, _depth: int) -> Record:
    """Describe a callback: class, bases, and its public plain attributes."""
    settings = {
        name: plain(value)
        for name, value in vars(callback).items()
        if not name.startswith("_")
    }
    fields = {
        "class_name": type(callback).__name__,
        "bases": _bases(callback),
        "settings": settings,
    }
    return Record("Callback", fields, keep(callback))


def describe_history(history: Any, keep: Keep, _depth: int) -> Record:
    """Describe a history: its curves and its epoch indices."""
    curves = {
        str(name): [float(value) for value in values]
        for name, values in history.history.items()
    }
    epochs = [int(epoch) for epoch in history.epoch]
    return Record("History", {"history": curves, "epochs": epochs}, keep(history))


def plain(value: Any, depth: int = 0) -> Any:
    """Reduce a configuration to numbers, strings, lists and dicts."""
    if value is None or type(value) in (bool, int, float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, np.generic) and value.dtype.kind in "biuf":
        return value.item()
    if isinstance(value, list | tuple) and depth < MAX_DEPTH:
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, dict) and depth < MAX_DEPTH:
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    return str(getattr(value, "__name__", type(value).__name__))


def call_layer(layer: Any, inputs: Any) -> Any:
    """Run a layer or model on an array or a list of strings, not in training mode."""
    import tensorflow as tf

    tensor = tf.constant(inputs)
    # Preprocessing layers take no ``training`` argument; outside fit it is False.
    output = layer(tensor)
    return output.to_tensor() if isinstance(output, tf.RaggedTensor) else output


def apply_activation(layer: Any, values: Any) -> Any:
    """Return the result of applying a layer's activation function to an array."""
    import tensorflow as tf

    return layer.activation(tf.constant(values))


def compute(layer: Any, rows: list[Any], inputs: Any) -> Any:
    """Run a layer or model with weights other than its own, which are restored.

    Args:
        layer: The layer or model; it is built if it has not been.
        rows: For each weight, numbers that are repeated until they fill it.
        inputs: An array, or a list of strings.
    """
    if not layer.built:
        call_layer(layer, inputs)
    own = layer.get_weights()
    pairs = zip(rows, own, strict=True)
    layer.set_weights([np.resize(row, weight.shape) for row, weight in pairs])
    try:
        return call_layer(layer, inputs)
    finally:
        layer.set_weights(own)


def get_weights(model: Any) -> Any:
    """Return a model's weights as arrays."""
    return [np.asarray(weight) for weight in model.get_weights()]


def loss_value(model: Any, y_true: Any, y_pred: Any) -> float:
    """Return the loss that a compiled model computes for these predictions."""
    import tensorflow as tf

    y_true, y_pred = tf.constant(y_true), tf.constant(y_pred)
    return float(model.compute_loss(y=y_true, y_pred=y_pred))


def metric_values(model: Any, batches: list[tuple[Any, Any]]) -> list[float | None]:
    """Return the value of each metric that was asked for, reset, over some batches.

    The model's own metrics stay as they are. A metric that cannot be computed is None.
    """
    metrics = map(_resolve_metric, _asked_metrics(model))
    return [_attempt(partial(_metric_value, metric, batches)) for metric in metrics]


def _metric_value(metric: Any, batches: list[tuple[Any, Any]]) -> float:
    metrics = _keras().metrics
    if isinstance(metric, metrics.Metric):
        fresh = type(metric).from_config(metric.get_config())
    else:
        fresh = metrics.MeanMetricWrapper(metric)
    for y_true, y_pred in batches:
        fresh.update_state(y_true, y_pred)
    return float(np.asarray(fresh.result()).item())


def list_batches(dataset: Any, limit: int) -> list[Any]:
    """Iterate over a dataset once; each element becomes a tuple of its tensors."""
    import tensorflow as tf

    return [tuple(tf.nest.flatten(element)) for element in dataset.take(limit)]


def call_schedule(callback: Any, epoch: int, learning_rate: float) -> Any:
    """Return the rate that a ``LearningRateScheduler`` sets for one epoch."""
    return callback.schedule(epoch, learning_rate)


def _attempt(look: Callable[[], Any]) -> Any:
    """Return what ``look`` finds, or None: Keras raises for anything not built."""
    try:
        return look()
    except Exception:
        return None


def _shape_of(look: Callable[[], Any]) -> tuple[int | None, ...] | None:
    shape: tuple[int | None, ...] | None = _attempt(lambda: _ints(look()))
    return shape


def _ints(shape: Any) -> tuple[int | None, ...]:
    return tuple(None if size is None else int(size) for size in shape)


def _bases(value: Any) -> tuple[str, ...]:
    return tuple(base.__name__ for base in type(value).__mro__)


def _layer_class(layer: Any) -> str:
    """Return a layer's Keras class: a class derived from LSTM counts as LSTM."""
    classes = type(layer).__mro__
    by_keras = [one for one in classes if str(one.__module__).startswith("keras.")]
    is_its_own = by_keras[0] is _keras().Layer
    return str((classes if is_its_own else by_keras)[0].__name__)


def _layer_config(layer: Any) -> dict[str, Any]:
    """Return a layer's configuration, with the Keras class of a wrapped layer."""
    config: dict[str, Any] = plain(layer.get_config())
    # Bidirectional holds two copies of the layer it was given, other wrappers hold it.
    wrapped = getattr(layer, "forward_layer", getattr(layer, "layer", None))
    if isinstance(config.get("layer"), dict) and is_layer(wrapped):
        config["layer"]["class_name"] = _layer_class(wrapped)
    return config


def _weight_shapes(layer: Any) -> list[tuple[int | None, ...]]:
    return [_ints(weight.shape) for weight in layer.weights]


def _inbound(layer: Any) -> Iterator[str]:
    for node in layer._inbound_nodes:
        for parent in node.parent_nodes:
            yield str(parent.operation.name)


def _describe_compiled(model: Any) -> Record | None:
    if getattr(model, "optimizer", None) is None:
        return None
    fields = {
        "optimizer": type(model.optimizer).__name__,
        "learning_rate": float(np.asarray(model.optimizer.learning_rate)),
        "settings": _attempt(lambda: plain(model.optimizer.get_config())) or {},
        "loss": _loss_name(getattr(model, "loss", None)),
        "metrics": [_describe_metric(metric) for metric in _asked_metrics(model)],
    }
    return Record("Compiled", fields)


def _loss_name(loss: Any) -> str:
    while isinstance(loss, list | tuple) and len(loss) == 1:
        loss = loss[0]
    if loss is None or isinstance(loss, str):
        return str(loss or "")
    return str(getattr(loss, "__name__", type(loss).__name__))


def _asked_metrics(model: Any) -> list[Any]:
    import tensorflow as tf

    asked = getattr(getattr(model, "_compile_metrics", None), "_user_metrics", None)
    return [metric for metric in tf.nest.flatten(asked) if metric]


def _resolve_metric(metric: Any) -> Any:
    return _attempt(lambda: _keras().metrics.get(metric)) or metric


def _describe_metric(asked: Any) -> Record:
    metric = _resolve_metric(asked)
    # A metric asked for by name has that name in the history.
    name = asked if isinstance(asked, str) else getattr(metric, "name", "")
    fields = {
        "class_name": str(getattr(metric, "__name__", type(metric).__name__)),
        "name": str(name),
        "config": _attempt(lambda: plain(metric.get_config())) or {},
    }
    return Record("Metric", fields)


def _describe_spec(spec: Any) -> Record:
    """Describe a component; one that is not a tensor (None) has no dtype of its own."""
    shape = _shape_of(lambda: spec.shape)
    dtype = _attempt(lambda: str(spec.dtype.name)) or type(spec).__name__
    return Record("Spec", {"shape": shape, "dtype": dtype})


def _steps(dataset: Any) -> Iterator[Any]:
    """Yield a pipeline's datasets, source first (depth first, inputs first)."""
    for source in dataset._inputs():
        yield from _steps(source)
    yield dataset


def _keeps_order(dataset: Any) -> bool:
    """Return whether every parallel step of a pipeline keeps the order of its input.

    A step's object holds this setting, except for ``interleave()``: there it is only
    in the graph, which also holds all data of the source.
    """
    steps = list(_steps(dataset))
    told = [str(getattr(step, "_deterministic", "")) for step in steps]
    if any("interleave" in _step_name(step) for step in steps):
        told += _attempt(lambda: _told_in_graph(dataset)) or []
    is_free = dataset.options().deterministic is False
    return "false" not in told and not ("default" in told and is_free)


def _told_in_graph(dataset: Any) -> list[str]:
    import tensorflow as tf

    serialized = tf.raw_ops.DatasetToGraphV2(
        input_dataset=dataset._variant_tensor, external_state_policy=1
    )
    graph = tf.compat.v1.GraphDef.FromString(serialized.numpy())
    inner = (node for function in graph.library.function for node in function.node_def)
    return [
        node.attr["deterministic"].s.decode()
        for node in (*graph.node, *inner)
        if "deterministic" in node.attr
    ]


# The settings of a pipeline step that a check may want, under tf.data's names.
_SETTINGS = ("batch_size", "buffer_size", "drop_remainder", "num_parallel_calls")


def _describe_operation(step: Any) -> Record:
    settings = {
        name: plain(np.asarray(getattr(step, f"_{name}")).item())
        for name in _SETTINGS
        if getattr(step, f"_{name}", None) is not None
    }
    return Record("Operation", {"name": _step_name(step), "settings": settings})


def _step_name(step: Any) -> str:
    """Return ``"parallel_map"`` for a ``_ParallelMapDataset``, of any version."""
    bare = re.sub(r"(Dataset)?(V\d+)?$", "", type(step).__name__.strip("_"))
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", bare).lower()
