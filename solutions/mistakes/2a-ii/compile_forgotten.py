"""The model comes back as it was, not compiled."""


def compile_cnn(model: keras.Model) -> keras.Model:
    return model
