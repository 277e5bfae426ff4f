"""Exceptions from TensorFlow are reduced to the words that matter."""

from __future__ import annotations

from reelmark.worker import tracebacks

TRACED = """in user code:

    File "/somewhere/image_processing.py", line 105, in img_process  *
        image = tf.constant(image.numpy() / 255.0)

    AttributeError: 'SymbolicTensor' object has no attribute 'numpy'
"""


def test_traced_message_is_the_last_paragraph() -> None:
    """In a text with a traceback, the message is at its end."""
    assert tracebacks.read_message(TRACED, "AttributeError") == (
        "'SymbolicTensor' object has no attribute 'numpy'"
    )


def test_traced_lines_are_found() -> None:
    """The lines of such a text are frames: file, line, function, code."""
    (frame,) = tracebacks.read_frames(TRACED)
    assert frame == tracebacks.TracedFrame(
        "/somewhere/image_processing.py",
        105,
        "img_process",
        "image = tf.constant(image.numpy() / 255.0)",
    )


def test_operations_are_left_out() -> None:
    """Names of operations, which TensorFlow puts around a message, are left out."""
    text = (
        "{{function_node __wrapped__Cast_device_/job:localhost}} No. [Op:Cast] name: "
    )
    assert tracebacks.read_message(text, "UnimplementedError") == "No."


def test_steps_of_a_pipeline_are_left_out() -> None:
    """Which iterator an error went through helps nobody who wrote none."""
    text = (
        "{{function_node __wrapped__IteratorGetNext}} Error in user-defined function "
        "passed to MapDataset:2 transformation with iterator: Iterator::Root::Map: "
        "Could not convert string: a b\n\t [[{{node StringToNumber}}]] "
        "[Op:IteratorGetNext] name: "
    )
    told = tracebacks.read_message(text, "InvalidArgumentError")
    assert told == "Could not convert string: a b"


def test_words_of_keras_around_a_message_are_left_out() -> None:
    """What was called, in bold, and the arguments hide what was wrong."""
    text = (
        "Exception encountered when calling Sequential.call().\n\n"
        "\x1b[1mInput 0 expects shape (None, 100), found (2,)\x1b[0m\n\n"
        "Arguments received by Sequential.call():\n  - inputs=tf.Tensor(...)"
    )
    told = tracebacks.read_message(text, "ValueError")
    assert told == "Input 0 expects shape (None, 100), found (2,)"


def test_other_messages_stay_as_they_are() -> None:
    """A message without such parts is unchanged, and so is one with nothing else."""
    assert tracebacks.read_message("list index out of range", "IndexError") == (
        "list index out of range"
    )
    assert tracebacks.read_message("[Op:Cast]", "Error") == "[Op:Cast]"
    assert tracebacks.read_frames("list index out of range") == []
