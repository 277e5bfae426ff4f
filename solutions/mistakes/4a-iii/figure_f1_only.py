"""Only the f1 is drawn, neither precision nor recall.

Breaks: bars
"""


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support")
    figure = Figure(figsize=(8, 10), layout="constrained")
    axes = figure.subplots()
    axes.barh(scores.index, scores["f1"])
    axes.set(title=title, xlabel="f1")
    return figure
