"""Right: every layer has its own line; the model has a name, its summary is printed."""

from keras import Input, Model
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D


def build_cnn(n_genres: int = 25) -> keras.Model:
    image = Input(shape=(64, 64, 3), name="Input")
    x = Conv2D(16, 3, 2, padding="same", activation="relu", name="Conv0")(image)
    x = Dropout(0.2, name="Drop1")(x)
    x = Conv2D(32, 3, 1, padding="same", activation="relu", name="Conv1")(x)
    x = Conv2D(32, 3, 1, padding="same", activation="relu", name="Conv2")(x)
    x = Dropout(0.2, name="Drop2")(x)
    x = MaxPooling2D((2, 2), name="Pool1")(x)
    x = Conv2D(64, 3, 1, padding="same", activation="relu", name="Conv3")(x)
    x = Conv2D(64, 3, 1, padding="same", activation="relu", name="Conv4")(x)
    x = Dropout(0.2, name="Drop3")(x)
    x = MaxPooling2D((2, 2), name="Pool2")(x)
    x = Conv2D(128, 3, 1, padding="same", activation="relu", name="Conv5")(x)
    x = Conv2D(128, 3, 1, padding="same", activation="relu", name="Conv6")(x)
    x = Dropout(0.2, name="Drop4")(x)
    x = MaxPooling2D((2, 2), name="Pool3")(x)
    x = Flatten(name="Flat")(x)
    x = Dense(1024, activation="relu", name="FC1")(x)
    x = Dropout(0.5, name="Drop5")(x)
    x = Dense(1024, activation="relu", name="FC2")(x)
    x = Dropout(0.5, name="Drop6")(x)
    x = Dense(n_genres, activation="sigmoid", name="Output")(x)
    model = Model(image, x, name="CNN")
    model.summary()
    return model
