"""The command line of the training: ``reelmark train``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Model(StrEnum):
    """Which models are trained."""

    CNN = "cnn"
    LSTM = "lstm"
    ALL = "all"


app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command()
def train(
    data: Annotated[
        Path,
        typer.Option(
            envvar="REELMARK_DATA",
            help="Multimodal_IMDB_dataset, the folder above it, or its .zip.",
        ),
    ],
    out: Annotated[Path, typer.Option(help="The folder of results.")],
    seed: Annotated[
        list[int] | None,
        typer.Option(help="Seed of split and weights, by default 1; repeatable."),
    ] = None,
    model: Annotated[Model, typer.Option(help="Which models.")] = Model.ALL,
    epochs: Annotated[
        int | None,
        typer.Option(min=1, help="By default the recipe's: 40 (CNN), 20 (LSTM)."),
    ] = None,
    extended: Annotated[
        bool,
        typer.Option(
            "--extended", help="Same networks, trained for the lowest validation loss."
        ),
    ] = False,
) -> None:
    """Train the reference on the films, and write down what it is worth.

    Interrupted, the same command goes on where it stopped. What is finished is not
    trained again; a folder may take in one seed after the other.
    """
    from training import session

    models = [Model.CNN, Model.LSTM] if model is Model.ALL else [model]
    recipe = "extended" if extended else "brief"
    session.run(data, out, recipe, models, seed or [1], epochs)


def main(arguments: list[str]) -> None:
    """Run the command with its arguments."""
    app(arguments, prog_name="reelmark train")
