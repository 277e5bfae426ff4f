"""Returns figures of its own kind, which hang, lie and write files when drawn.

task 4a-i: 0, timed out
task 4a-ii: 0, failed
task 4a-iii: 0, failed
task 4b: 0, failed
task 4c-i: 0, failed
task 4c-ii: 0, failed
task 4c-iii: 0, failed
"""

from matplotlib.figure import Figure


class Endless(Figure):
    def draw_without_rendering(self):
        while True:
            pass


class Liar(Figure):
    axes = property(lambda self: [self] * 3)
    bbox = property(lambda self: 1 / 0)

    def get_suptitle(self):
        return self

    def draw_without_rendering(self):
        open("../../drawn.json", "w")

    def __eq__(self, other):
        return True

    __hash__ = Figure.__hash__


class Texts(Figure):
    def get_suptitle(self):
        return "<script>alert(1)</script>" * 10_000


def plot_history(*args, **kwargs):
    return Endless()


def plot_genre_scores(*args, **kwargs):
    return Liar()


def plot_film(*args, **kwargs):
    return Texts()


def score_nothing(*args, **kwargs):
    pass


genre_scores = baseline_loss = top_genres = compare_films = score_nothing
