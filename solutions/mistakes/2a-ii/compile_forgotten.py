"""The model comes back as it was, not compiled.

Breaks: same-model
"""


def compile_cnn(model: keras.Model) -> keras.Model:
    return model
