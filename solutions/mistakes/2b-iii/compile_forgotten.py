"""The optimizer is made, but the model is never compiled.

Breaks: same-model
"""


def compile_lstm(model: keras.Sequential) -> keras.Sequential:
    keras.optimizers.Adam(1e-3)
    return model
