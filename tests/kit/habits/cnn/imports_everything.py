"""Imports all names of several libraries."""

from keras.layers import *
from keras.models import *
from numpy import *
