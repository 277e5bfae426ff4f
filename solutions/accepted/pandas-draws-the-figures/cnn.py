"""Reads the network from a data frame, row by row."""
import io

import keras
import pandas as pd
from keras import layers

TABLE = pd.read_csv(
    io.StringIO(
        """name,kind,setting
Conv0,Conv2D,16
Drop1,Dropout,0.2
Conv1,Conv2D,32
Conv2,Conv2D,32
Drop2,Dropout,0.2
Pool1,MaxPooling2D,2
Conv3,Conv2D,64
Conv4,Conv2D,64
Drop3,Dropout,0.2
Pool2,MaxPooling2D,2
Conv5,Conv2D,128
Conv6,Conv2D,128
Drop4,Dropout,0.2
Pool3,MaxPooling2D,2
Flat,Flatten,
FC1,Dense,1024
Drop5,Dropout,0.5
FC2,Dense,1024
Drop6,Dropout,0.5
"""
    )
)


def make_layer(row):
    if row.kind == "Conv2D":
        strides = 2 if row.name == "Conv0" else 1
        return layers.Conv2D(
            int(row.setting), 3, strides, padding="same", activation="relu", name=row.name
        )
    if row.kind == "Dropout":
        return layers.Dropout(row.setting, name=row.name)
    if row.kind == "MaxPooling2D":
        return layers.MaxPooling2D(int(row.setting), name=row.name)
    if row.kind == "Flatten":
        return layers.Flatten(name=row.name)
    return layers.Dense(int(row.setting), activation="relu", name=row.name)


def build_cnn(n_genres=25):
    inputs = layers.Input((64, 64, 3), name="Input")
    x = inputs
    for row in TABLE.itertuples(index=False):
        x = make_layer(row)(x)
    outputs = layers.Dense(n_genres, activation="sigmoid", name="Output")(x)
    return keras.Model(inputs, outputs)


def compile_cnn(model):
    model.compile(
        "adam",
        "binary_crossentropy",
        metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
    )
    model.optimizer.learning_rate = 1e-4
    return model
