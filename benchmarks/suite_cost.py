"""Says what the kit's own tests cost: the dearest files and tests of a run.

    .venv/bin/python -m pytest --numprocesses 2 --dist loadfile --junitxml run.xml
    python benchmarks/suite_cost.py run.xml

Of several files, such as those of runs of one file each, it puts all together.

The first test of a file pays for what all of them share, such as a class that is
marked once; so a file tells more than a test.
"""

from __future__ import annotations

import argparse
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

FILES, TESTS = 20, 30
"""How many of each are shown."""


def read_seconds(*runs: Path) -> dict[tuple[str, str], float]:
    """Return what each test took, by its file and its name, set-up included."""
    seconds: dict[tuple[str, str], float] = {}
    cases = (case for run in runs for case in ElementTree.parse(run).iter("testcase"))
    for case in cases:
        parts = case.attrib["classname"].split(".")
        # Behind the module, a class may be named.
        end = next(i for i, part in enumerate(parts, 1) if part.startswith("test_"))
        key = "/".join(parts[2:end]), case.attrib["name"]
        seconds[key] = seconds.get(key, 0.0) + float(case.attrib["time"])
    return seconds


def list_costs(seconds: Mapping[tuple[str, str], float]) -> Iterator[str]:
    """Yield the lines of two tables in Markdown."""
    files: dict[str, float] = {}
    for (file, _), each in seconds.items():
        files[file] = files.get(file, 0.0) + each
    counts = Counter(file for file, _ in seconds)
    total = sum(files.values())
    yield f"{len(seconds):,} tests took {total:,.0f} seconds of worker time.\n"
    yield "| file | tests | seconds |\n|---|--:|--:|"
    for file, took in Counter(files).most_common(FILES):
        yield f"| `{file}` | {counts[file]} | {took:.1f} |"
    yield "\n| test | seconds |\n|---|--:|"
    for (file, name), took in Counter(seconds).most_common(TESTS):
        yield f"| `{file}::{name}` | {took:.1f} |"


def main() -> None:
    """Print the tables of a run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    told = "what pytest wrote: --junitxml FILE"
    parser.add_argument("runs", type=Path, nargs="+", help=told)
    print("\n".join(list_costs(read_seconds(*parser.parse_args().runs))))


if __name__ == "__main__":
    main()
