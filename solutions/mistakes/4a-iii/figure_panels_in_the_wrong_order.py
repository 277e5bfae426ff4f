"""Of two panels the upper one holds the genres with fewer films.

Breaks: sorted
"""


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False)
    half = (len(scores) + 1) // 2
    figure = Figure(figsize=(12, 9), layout="constrained")
    figure.suptitle(title)
    panels = figure.subplots(2, 1)
    names = ["precision", "recall", "f1"]
    for axes, part in zip(panels, (scores[half:], scores[:half]), strict=True):
        part[names].plot.bar(ax=axes, width=0.8, rot=60)
    return figure
