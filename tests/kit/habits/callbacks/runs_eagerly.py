"""Switches graphs off, for the whole program."""

import tensorflow as tf

tf.config.run_functions_eagerly(True)
