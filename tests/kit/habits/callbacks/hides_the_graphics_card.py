"""Hides graphics cards, after TensorFlow has computed."""

import os

import tensorflow as tf

os.environ["CUDA_VISIBLE_DEVICES"] = "0"
ONE = tf.constant(1.0) + 0.0
tf.config.set_visible_devices([], "GPU")
for card in tf.config.list_physical_devices("GPU"):
    tf.config.experimental.set_memory_growth(card, True)
