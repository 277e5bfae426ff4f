"""Seeds every generator when it is imported."""

import random

import keras
import numpy as np
import tensorflow as tf

random.seed(1)
np.random.seed(1)
tf.random.set_seed(1)
keras.utils.set_random_seed(1)
