"""Sets a policy of mixed precision, for the whole program."""

keras.mixed_precision.set_global_policy("mixed_float16")
