"""To be rid of the ticks, the whole panel of the poster is switched off.

Breaks: poster
"""


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    figure = Figure(figsize=(12, 6))
    picture, page, cnn, lstm = figure.subplots(1, 4)
    picture.imshow(poster)
    picture.set_visible(False)
    page.text(0, 1, textwrap.fill(overview, 30), va="top", fontsize=8)
    page.set_title(", ".join(truth))
    page.set_axis_off()
    for axes, model, top in ((cnn, "CNN", cnn_top), (lstm, "LSTM", lstm_top)):
        _plot_ranking(axes, model, top, truth)
    return figure
