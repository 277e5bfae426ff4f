"""Right: tuple kernels, activations as functions, SAME padding, defaults spelt out."""


def _conv(name: str, filters: int, strides: int = 1) -> layers.Conv2D:
    return layers.Conv2D(
        filters=filters,
        kernel_size=(3, 3),
        strides=(strides, strides),
        padding="SAME",
        data_format="channels_last",
        dilation_rate=1,
        activation=keras.activations.relu,
        use_bias=True,
        kernel_initializer="he_normal",
        name=name,
    )


def _block(x: keras.KerasTensor, number: int, filters: int) -> keras.KerasTensor:
    x = _conv(f"Conv{2 * number - 1}", filters)(x)
    x = _conv(f"Conv{2 * number}", filters)(x)
    x = layers.Dropout(rate=0.2, seed=7, name=f"Drop{number + 1}")(x)
    pool = layers.MaxPooling2D((2, 2), strides=2, padding="same", name=f"Pool{number}")
    return pool(x)
