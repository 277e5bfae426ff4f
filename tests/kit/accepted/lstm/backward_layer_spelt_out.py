"""Right: the backward direction is a layer of its own, just as Keras makes it."""


def _bidirectional(units: int, *, return_sequences: bool) -> layers.Bidirectional:
    settings = {
        "units": units,
        "dropout": 0.5,
        "recurrent_dropout": 0.2,
        "return_sequences": return_sequences,
    }
    backward = layers.LSTM(**settings, go_backwards=True)
    return layers.Bidirectional(layers.LSTM(**settings), backward_layer=backward)
