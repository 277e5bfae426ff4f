"""The poster of another film is shown, from a variable outside the function.

Breaks: poster
"""

_plot_film = plot_film
POSTER = np.tile(np.linspace(0, 255, 300, dtype=np.uint8)[:, None, None], (1, 150, 3))


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    return _plot_film(POSTER, overview, truth, cnn_top, lstm_top)
