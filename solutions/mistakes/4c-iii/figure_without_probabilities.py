"""The genres are listed without their probabilities.

Breaks: two-decimals
"""


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    figure = Figure(figsize=(12, 7))
    picture, page = figure.subplots(1, 2)
    picture.imshow(poster)
    picture.set_axis_off()
    page.set_axis_off()
    lines = ["True genres: " + ", ".join(truth), "", *_wrap(overview)]
    for model, top in (("CNN", cnn_top), ("LSTM", lstm_top)):
        lines += ["", model, *(genre for genre, _ in top)]
    page.text(-0.4, 1, "\n".join(lines), va="top", fontsize=9)
    return figure
