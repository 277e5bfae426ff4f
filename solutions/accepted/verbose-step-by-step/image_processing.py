"""Area averaging for the resize, and every step of the pipeline in a variable."""

import numpy as np
import tensorflow as tf


def parse_image(path, label):
    # this function was given to us
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return image, label


def img_process(image, label):
    # STEP 1: define the size that the network wants
    new_height = 64
    new_width = 64
    new_size = [new_height, new_width]

    # STEP 2: resize. "area" takes the mean of all pixels that fall together,
    # I read that it is the best method for making pictures smaller
    resized_image = tf.image.resize(image, new_size, method="area")

    # STEP 3: now the numbers are floats from 0 to 255, so divide to get 0 to 1
    scaled_image = tf.divide(resized_image, 255.0)

    # STEP 4: make sure that it is float32
    final_image = tf.cast(scaled_image, tf.float32)

    # the label is not changed!!
    return final_image, label


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    # how many films do we have?
    number_of_films = len(paths)

    # STEP 1: make a list of strings, and an array of the labels
    list_of_paths = []
    for path in paths:
        list_of_paths.append(str(path))
    array_of_labels = np.array(labels)

    # STEP 2: make a dataset of (path, label)
    path_dataset = tf.data.Dataset.from_tensor_slices((list_of_paths, array_of_labels))

    # STEP 3: read the files
    image_dataset = path_dataset.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)

    # STEP 4: resize and scale
    processed_dataset = image_dataset.map(
        img_process, num_parallel_calls=tf.data.AUTOTUNE
    )

    # STEP 5: cache. This must come BEFORE shuffle, else the order is frozen
    cached_dataset = processed_dataset.cache()

    # STEP 6: shuffle, only for training. This must come BEFORE batch
    if training == True:
        shuffled_dataset = cached_dataset.shuffle(buffer_size=number_of_films)
    else:
        shuffled_dataset = cached_dataset

    # STEP 7: batch
    batched_dataset = shuffled_dataset.batch(batch_size)

    # STEP 8: prefetch
    final_dataset = batched_dataset.prefetch(buffer_size=tf.data.AUTOTUNE)

    return final_dataset
