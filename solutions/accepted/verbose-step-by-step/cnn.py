"""Every layer on lines of its own with all its arguments; compiled with strings."""

import tensorflow as tf
from tensorflow.keras.layers import Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D
from tensorflow.keras.models import Model


def build_cnn(n_genres=25):
    # ---------------- input ----------------
    input_layer = Input(shape=(64, 64, 3), name="Input")

    # ---------------- Conv0 ----------------
    conv0 = Conv2D(
        filters=16,
        kernel_size=(3, 3),
        strides=(2, 2),
        padding="same",
        activation="relu",
        name="Conv0",
    )(input_layer)
    drop1 = Dropout(rate=0.2, name="Drop1")(conv0)

    # ---------------- block 1 ----------------
    conv1 = Conv2D(
        filters=32,
        kernel_size=(3, 3),
        strides=(1, 1),
        padding="same",
        activation="relu",
        name="Conv1",
    )(drop1)
    conv2 = Conv2D(
        filters=32,
        kernel_size=(3, 3),
        strides=(1, 1),
        padding="same",
        activation="relu",
        name="Conv2",
    )(conv1)
    drop2 = Dropout(rate=0.2, name="Drop2")(conv2)
    pool1 = MaxPooling2D(pool_size=(2, 2), strides=(2, 2), name="Pool1")(drop2)

    # ---------------- block 2 ----------------
    conv3 = Conv2D(
        filters=64,
        kernel_size=(3, 3),
        strides=(1, 1),
        padding="same",
        activation="relu",
        name="Conv3",
    )(pool1)
    conv4 = Conv2D(
        filters=64,
        kernel_size=(3, 3),
        strides=(1, 1),
        padding="same",
        activation="relu",
        name="Conv4",
    )(conv3)
    drop3 = Dropout(rate=0.2, name="Drop3")(conv4)
    pool2 = MaxPooling2D(pool_size=(2, 2), strides=(2, 2), name="Pool2")(drop3)

    # ---------------- block 3 ----------------
    conv5 = Conv2D(
        filters=128,
        kernel_size=(3, 3),
        strides=(1, 1),
        padding="same",
        activation="relu",
        name="Conv5",
    )(pool2)
    conv6 = Conv2D(
        filters=128,
        kernel_size=(3, 3),
        strides=(1, 1),
        padding="same",
        activation="relu",
        name="Conv6",
    )(conv5)
    drop4 = Dropout(rate=0.2, name="Drop4")(conv6)
    pool3 = MaxPooling2D(pool_size=(2, 2), strides=(2, 2), name="Pool3")(drop4)

    # ---------------- dense part ----------------
    flat = Flatten(name="Flat")(pool3)
    fc1 = Dense(units=1024, activation="relu", name="FC1")(flat)
    drop5 = Dropout(rate=0.5, name="Drop5")(fc1)
    fc2 = Dense(units=1024, activation="relu", name="FC2")(drop5)
    drop6 = Dropout(rate=0.5, name="Drop6")(fc2)

    # sigmoid and not softmax, because a film can have many genres
    output_layer = Dense(units=n_genres, activation="sigmoid", name="Output")(drop6)

    model = Model(inputs=input_layer, outputs=output_layer, name="poster_model")
    # model.summary()
    return model


def compile_cnn(model):
    my_optimizer = tf.keras.optimizers.Adam(learning_rate=0.0001)
    my_loss = "BinaryCrossentropy"
    my_metrics = ["accuracy", "Precision", "Recall"]
    model.compile(optimizer=my_optimizer, loss=my_loss, metrics=my_metrics)
    return model
