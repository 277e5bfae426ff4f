"""RESULTS.md: what was reached, in an instructor's words, written from metrics.json."""

from __future__ import annotations

from pathlib import Path
from statistics import mean
from typing import Any

import jinja2

from reelmark.files import write_whole
from training.results import MODELS, Entry, Results

SOLUTIONS = Path(__file__).parents[1]
PAGE = SOLUTIONS / "RESULTS.md"
RESULTS = Results(SOLUTIONS / "results")
RECIPES = {
    "brief": (
        "The brief's recipe",
        "What students do: 40 epochs of the CNN, 20 of the LSTM (learning rate 1e-3).",
    ),
    "extended": (
        "The extended recipe",
        "The same networks with everything around them changed: the last layer begins\n"
        "at the genres' frequencies, weights decay, the learning rate falls along a\n"
        "cosine, posters are flipped, shifted and lit, overviews lose words. This is\n"
        "not what students are asked for.",
    ),
}


def render(results: Results) -> str:
    """Return the page on a folder of results, as Markdown.

    Raises:
        ValueError: The folder lacks the brief's recipe of both models.
    """
    runs = results.runs()
    if not results.fusions(recipe="brief"):
        raise ValueError(f"{results.folder} lacks both models of the brief's recipe.")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # Markdown
    )
    environment.filters |= {"percent": "{:.1%}".format, "signed": "{:+.1%}".format}
    return environment.get_template("RESULTS.md.jinja").render(
        films=runs[0]["films"],
        baselines=[run["baseline"] for run in runs],
        recipes=[_describe(results, name) for name in RECIPES if _has(results, name)],
        brief=_summarise(results, "brief"),
        hit_rate=mean(run["baseline_top3_hit_rate"] for run in runs),
    )


def _has(results: Results, recipe: str) -> bool:
    return bool(results.runs(recipe=recipe))


def _describe(results: Results, recipe: str) -> dict[str, Any]:
    title, text = RECIPES[recipe]
    runs, fusions = results.runs(recipe=recipe), results.fusions(recipe=recipe)
    kinds = {
        model.upper(): results.runs(recipe=recipe, model=model) for model in MODELS
    }
    kinds["both"] = fusions
    means = [(name, _mean_skill(kind)) for name, kind in kinds.items() if kind]
    return {
        "name": recipe,
        "title": title,
        "text": text,
        "runs": runs,
        "fusions": fusions,
        "means": means,
    }


def _summarise(results: Results, recipe: str) -> dict[str, float]:
    """Return mean skills, of models, of each shrunk, of both; and genres found."""
    fusions = results.fusions(recipe=recipe)
    summary = {"fusion": _mean_skill(fusions), "seed": fusions[0]["seed"]}
    for model in MODELS:
        runs = results.runs(recipe=recipe, model=model)
        summary[model] = _mean_skill(runs)
        found = [scores["recall"] > 0 for scores in runs[0]["genres"].values()]
        summary[f"found_{model}"] = sum(found)
        shrunk = (fusion["skill_of_one_shrunk"][model] for fusion in fusions)
        summary[f"shrunk_{model}"] = mean(shrunk)
    return summary


def _mean_skill(entries: list[Entry]) -> float:
    return float(mean(entry["skill"] for entry in entries))


if __name__ == "__main__":
    write_whole(PAGE, render(RESULTS))
