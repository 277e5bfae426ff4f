"""Downloads: listed by name, and read by several threads at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kit.stage.lms import MODULES, pack, save_zip, worth
from reelmark.intake.submissions import Upload
from reelmark.lms.shapes import receive


def read_marks(upload: Upload) -> bytes:
    """Read somebody's module."""
    with upload.open() as opened:
        sources = opened.read()
        if not sources.zips:
            return sources.files["cnn.py",]
        with opened.open_inner(sources.zips[0]) as inner:
            return inner.read().files["cnn.py",]


def test_several_threads_read_one_download(tmp_path: Path) -> None:
    """Marking reads as many submissions at a time as there are slots."""
    entries: dict[str, str | bytes] = {}
    for number in range(200):
        folder = f"S_{number}_assignsubmission_file_"
        module = worth(number) + "# " + str(number) * 2000
        if number % 2:
            entries[f"{folder}/cnn.py"] = module
        else:
            entries[f"{folder}/w.zip"] = pack({"cnn.py": module})
    with receive(save_zip(entries, tmp_path / "s.zip"), MODULES) as received:
        with ThreadPoolExecutor(8) as threads:
            read = list(threads.map(read_marks, received.uploads))
        names = [upload.student for upload in received.uploads]
    first = [content.partition(b"\n")[0].decode() for content in read]
    assert first == [worth(int(name.split()[1])).strip() for name in names]
