"""Sets how many threads TensorFlow has, after it has computed."""

import tensorflow as tf

ONE = tf.constant(1.0) + 0.0
tf.config.threading.set_intra_op_parallelism_threads(4)
tf.config.threading.set_inter_op_parallelism_threads(4)
