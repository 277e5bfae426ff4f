"""Writes, renames, links and empties whatever it can find outside its scratch folder.

task 1: 0, failed
task 2: 2, passed
told: refused
"""

import os
import pathlib
import shutil

from attempts import coursework, kit, outcomes, outside


def handed_in():
    """Return this very file as it was handed in, of which workers run copies."""
    here = pathlib.Path(__file__)
    run = next(folder for folder in here.parents if folder.parent.name == ".work")
    if not (run / "snapshot" / here.name).exists():
        raise LookupError("no snapshot")
    return run / "snapshot" / here.name


def count_words(text):
    bait, own = outside() / "bait", handed_in()
    result, engine = bait / "other-student.json", kit() / "checks/expect.py"
    return outcomes(
        write=lambda: result.write_text("{}"),
        append=lambda: open(result, "a"),
        empty=lambda: os.truncate(result, 0),
        empty_by_reading=lambda: os.open(engine, os.O_TRUNC),
        remove=lambda: result.unlink(),
        rename=lambda: result.rename(result.with_name("mine.json")),
        make=lambda: (bait / "new.json").touch(),
        folder=lambda: (bait / "new").mkdir(),
        engine=lambda: engine.write_text("def that(*_, **__): pass"),
        compiled=lambda: (kit() / "checks/__pycache__/expect.pyc").write_bytes(b""),
        suite=lambda: (coursework() / "tests/public/conftest.py").write_text(""),
        support=lambda: (coursework() / "tests/support/worker/stand_ins.py").unlink(),
        stubs=lambda: (coursework() / "assignment/words.py").write_text(""),
        own=lambda: own.write_text("def count_words(text): return len(text.split())"),
        results=lambda: (outside() / "marks/results/x.json").write_text("{}"),
        steal=lambda: shutil.move(str(own), "mine.py"),
        tree=lambda: shutil.rmtree(bait) if bait.exists() else 1 / 0,
        link=lambda: os.symlink(bait, "link"),
        hard_link=lambda: os.link(own, "link"),
        pipe=lambda: os.mkfifo("pipe"),
        temporary=lambda: pathlib.Path("/tmp/reelmark-attack").write_text(""),
        memory=lambda: pathlib.Path("/dev/shm/reelmark-attack").write_text(""),
        home=lambda: pathlib.Path("/root/.reelmark-attack").write_text(""),
    )
