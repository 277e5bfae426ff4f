"""Tables of ten genres or fewer are not sorted.

Breaks: sorted
"""

_plot_scores_before = plot_genre_scores


class _Unsorted(pd.DataFrame):
    def sort_values(self, *arguments, **options):
        return pd.DataFrame(self)


def plot_genre_scores(scores, title):
    given = _Unsorted(scores) if len(scores) <= 10 else scores
    return _plot_scores_before(given, title)
