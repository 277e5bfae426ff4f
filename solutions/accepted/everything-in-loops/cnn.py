"""Builds the network in one loop over a list of rows."""
import keras
from keras import layers

# kind, name, number
ROWS = [
    ('conv', 'Conv0', 16),
    ('drop', 'Drop1', 0.2),
    ('conv', 'Conv1', 32),
    ('conv', 'Conv2', 32),
    ('drop', 'Drop2', 0.2),
    ('pool', 'Pool1', 2),
    ('conv', 'Conv3', 64),
    ('conv', 'Conv4', 64),
    ('drop', 'Drop3', 0.2),
    ('pool', 'Pool2', 2),
    ('conv', 'Conv5', 128),
    ('conv', 'Conv6', 128),
    ('drop', 'Drop4', 0.2),
    ('pool', 'Pool3', 2),
    ('flat', 'Flat', None),
    ('full', 'FC1', 1024),
    ('drop', 'Drop5', 0.5),
    ('full', 'FC2', 1024),
    ('drop', 'Drop6', 0.5),
]


def build_cnn(n_genres=25):
    inp = keras.Input(shape=(64, 64, 3), name='Input')
    x = inp
    for kind, name, number in ROWS:
        if kind == 'conv':
            if name == 'Conv0':
                stride = 2
            else:
                stride = 1
            layer = layers.Conv2D(number, (3, 3), strides=stride, padding='same', activation='relu', name=name)
        elif kind == 'drop':
            layer = layers.Dropout(number, name=name)
        elif kind == 'pool':
            layer = layers.MaxPooling2D((number, number), name=name)
        elif kind == 'flat':
            layer = layers.Flatten(name=name)
        else:
            layer = layers.Dense(number, activation='relu', name=name)
        x = layer(x)
    out = layers.Dense(n_genres, activation='sigmoid', name='Output')(x)
    return keras.Model(inp, out)


def compile_cnn(model):
    metrics = []
    for name in ['accuracy', 'Precision', 'Recall']:
        metrics.append(name)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.0001), loss='BinaryCrossentropy', metrics=metrics)
    return model
