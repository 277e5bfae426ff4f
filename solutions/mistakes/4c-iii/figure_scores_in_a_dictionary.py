"""Both lists go through one dictionary, where a shared genre has one score.

Breaks: pairs
"""

_plot_film = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    scores = dict([*cnn_top, *lstm_top])
    cnn, lstm = ([(g, scores[g]) for g, _ in top] for top in (cnn_top, lstm_top))
    return _plot_film(poster, overview, truth, cnn, lstm)
