"""Looks for a better network, and never stops looking.

task 2a-i: 0, timed out
task 2a-ii: 2, passed
told: processor time
"""


def build_cnn(n_genres: int = 25) -> keras.Model:
    width = n_genres
    while True:
        width = width * 31 % 1024
