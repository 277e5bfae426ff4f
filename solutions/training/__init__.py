"""The reference, trained: what `reelmark train` runs.

Data flows in one direction::

    dataset   films, checked and split        (assignment/dataset.py, given to students)
    recipe    how a model is prepared and trained: as the brief says, or extended
    run       one training: a recipe, a model, a seed; resumed where it was interrupted
    scores    what a trained model is worth, against the constant baseline
    results   the folder everything is written to; metrics.json is the one record
    figures   drawn from the results
    report    RESULTS.md, written from metrics.json
    command   the command line

The six modules of the reference do the work, as a student's would.
"""
