"""Makes Keras compute in double precision, for the whole program."""

keras.config.set_floatx("float64")
