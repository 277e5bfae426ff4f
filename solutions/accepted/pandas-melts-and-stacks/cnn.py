"""The brief's table is read by pandas, and a layer is made of each of its rows."""
import io

import keras
import pandas as pd

# copied from the brief
TABLE = pd.read_csv(
    io.StringIO(
        """
name,kind,size,stride
Conv0,conv,16,2
Drop1,drop,0.2,
Conv1,conv,32,1
Conv2,conv,32,1
Drop2,drop,0.2,
Pool1,pool,2,
Conv3,conv,64,1
Conv4,conv,64,1
Drop3,drop,0.2,
Pool2,pool,2,
Conv5,conv,128,1
Conv6,conv,128,1
Drop4,drop,0.2,
Pool3,pool,2,
Flat,flat,,
FC1,full,1024,
Drop5,drop,0.5,
FC2,full,1024,
Drop6,drop,0.5,
"""
    )
)

MAKERS = {
    "conv": lambda row: keras.layers.Conv2D(
        int(row.size_),
        3,
        strides=int(row.stride),
        padding="same",
        activation="relu",
        name=row.name,
    ),
    "drop": lambda row: keras.layers.Dropout(row.size_, name=row.name),
    "pool": lambda row: keras.layers.MaxPooling2D(int(row.size_), name=row.name),
    "flat": lambda row: keras.layers.Flatten(name=row.name),
    "full": lambda row: keras.layers.Dense(int(row.size_), "relu", name=row.name),
}


def build_cnn(n_genres=25):
    inputs = keras.Input((64, 64, 3), name="Input")
    x = inputs
    for row in TABLE.rename(columns={"size": "size_"}).itertuples(index=False):
        x = MAKERS[row.kind](row)(x)
    x = keras.layers.Dense(n_genres, "sigmoid", name="Output")(x)
    return keras.Model(inputs, x)


def compile_cnn(model):
    model.compile(
        keras.optimizers.Adam(1e-4),
        "binary_crossentropy",
        metrics=["precision", "recall"],
    )
    return model
