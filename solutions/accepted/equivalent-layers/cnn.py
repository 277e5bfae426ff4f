"""Flattens with Reshape; asks for metrics by their classes, and for more of them."""

import keras
from keras import layers


def build_cnn(n_genres=25):
    image = keras.Input((64, 64, 3), name="Input")
    x = layers.Conv2D(16, 3, 2, "same", activation="relu", name="Conv0")(image)
    x = layers.Dropout(0.2, name="Drop1")(x)
    for block, filters in ((1, 32), (2, 64), (3, 128)):
        for number in (2 * block - 1, 2 * block):
            x = layers.Conv2D(
                filters, 3, padding="same", activation="relu", name=f"Conv{number}"
            )(x)
        x = layers.Dropout(0.2, name=f"Drop{block + 1}")(x)
        x = layers.MaxPool2D(name=f"Pool{block}")(x)
    x = layers.Reshape((-1,), name="Flat")(x)
    for number in (1, 2):
        x = layers.Dense(1024, keras.ops.relu, name=f"FC{number}")(x)
        x = layers.Dropout(0.5, name=f"Drop{4 + number}")(x)
    return keras.Model(image, layers.Dense(n_genres, keras.ops.sigmoid, name="Output")(x))


def compile_cnn(model):
    metrics = [
        keras.metrics.Precision(0.5),
        keras.metrics.Recall(thresholds=[0.5], name="r"),
        keras.metrics.Precision(class_id=1, name="precision_of_one_genre"),
        "binary_accuracy",
    ]
    loss = [keras.losses.binary_crossentropy]
    model.compile(keras.optimizers.Adam(1e-4), loss, metrics=[metrics])
    return model
