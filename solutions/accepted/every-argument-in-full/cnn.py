"""Spells out tuples, defaults and seeds, and keeps the initializers as objects."""

import keras


def convolution(inputTensor, layerName, numberOfFilters, stride=1):
    """One convolution of the table."""
    return keras.layers.Conv2D(
        filters=numberOfFilters,
        kernel_size=(3, 3),
        strides=(stride, stride),
        padding="same",
        data_format=None,
        dilation_rate=(1, 1),
        groups=1,
        activation=keras.activations.relu,
        use_bias=True,
        kernel_initializer=keras.initializers.GlorotUniform(seed=1),
        bias_initializer=keras.initializers.Zeros(),
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        name=layerName,
    )(inputTensor)


def dropout(inputTensor, layerName, rate):
    """One dropout of the table."""
    return keras.layers.Dropout(rate=rate, noise_shape=None, seed=1, name=layerName)(inputTensor)


def pooling(inputTensor, layerName):
    """One pooling of the table."""
    return keras.layers.MaxPooling2D(
        pool_size=(2, 2), strides=(2, 2), padding="valid", data_format="channels_last", name=layerName
    )(inputTensor)


def dense(inputTensor, layerName, units, activation):
    """One dense layer of the table."""
    return keras.layers.Dense(
        units=units, activation=activation, use_bias=True, name=layerName
    )(inputTensor)


def build_cnn(n_genres=25):
    """The network, a variable for every tensor."""
    posterInput = keras.layers.Input(
        shape=(64, 64, 3), batch_size=None, dtype="float32", name="Input"
    )
    conv0 = convolution(posterInput, "Conv0", 16, stride=2)
    drop1 = dropout(conv0, "Drop1", 0.2)
    conv1 = convolution(drop1, "Conv1", 32)
    conv2 = convolution(conv1, "Conv2", 32)
    drop2 = dropout(conv2, "Drop2", 0.2)
    pool1 = pooling(drop2, "Pool1")
    conv3 = convolution(pool1, "Conv3", 64)
    conv4 = convolution(conv3, "Conv4", 64)
    drop3 = dropout(conv4, "Drop3", 0.2)
    pool2 = pooling(drop3, "Pool2")
    conv5 = convolution(pool2, "Conv5", 128)
    conv6 = convolution(conv5, "Conv6", 128)
    drop4 = dropout(conv6, "Drop4", 0.2)
    pool3 = pooling(drop4, "Pool3")
    flat = keras.layers.Flatten(data_format=None, name="Flat")(pool3)
    fc1 = dense(flat, "FC1", 1024, keras.activations.relu)
    drop5 = dropout(fc1, "Drop5", 0.5)
    fc2 = dense(drop5, "FC2", 1024, keras.activations.relu)
    drop6 = dropout(fc2, "Drop6", 0.5)
    genreOutput = dense(drop6, "Output", n_genres, keras.activations.sigmoid)
    return keras.models.Model(inputs=posterInput, outputs=genreOutput, name="CNN", trainable=True)


def compile_cnn(model):
    """Compile for 25 yes-or-no questions."""
    model.compile(
        optimizer=keras.optimizers.Adam(
            learning_rate=0.0001, beta_1=0.9, beta_2=0.999, epsilon=1e-07, amsgrad=False
        ),
        loss=keras.losses.BinaryCrossentropy(
            from_logits=False, label_smoothing=0.0, axis=-1, reduction="sum_over_batch_size"
        ),
        loss_weights=None,
        metrics=[
            keras.metrics.Precision(thresholds=None, top_k=None, class_id=None, name="cnn_precision"),
            keras.metrics.Recall(thresholds=None, top_k=None, class_id=None, name="cnn_recall"),
        ],
        weighted_metrics=None,
        run_eagerly=False,
        steps_per_execution=1,
        jit_compile=False,
    )
    return model
