"""Has Keras compute in double precision, for the whole program.

parity
"""

keras.config.set_floatx("float64")
