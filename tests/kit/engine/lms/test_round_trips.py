"""Round trips: a class comes from a system, is marked, and goes back to it.

What goes back is compared, byte for byte, with the teacher's file written anew with
the grades that were expected: so nothing else can have changed.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kit.stage.lms import (
    CLASS,
    Entries,
    Student,
    canvas_name,
    moodle_name,
    pack,
    save_folder,
    save_zip,
    take,
    worth,
)
from reelmark.cli import app
from reelmark.errors import UsageError

Grades = dict[int, str]
HANDED_IN = CLASS[:11]  # the others of the class have a row, and no submission


def run(*words: object) -> str:
    """Run `reelmark return`; return what it printed."""
    ran = CliRunner().invoke(app, ["return", *map(str, words)])
    if isinstance(ran.exception, UsageError):
        raise ran.exception
    assert ran.exit_code == 0, ran.output
    return ran.output


def grades_of(point: str = ".") -> Grades:
    """Return the grades that are expected, by the students' numbers."""
    return {each.number: f"{each.marks:g}".replace(".", point) for each in HANDED_IN}


class TestMoodle:
    """Moodle: worksheets in the site's language, feedback as a zip."""

    def folders(self, end: str = "") -> Entries:
        """What is downloaded by default; before 4.1 with an underscore at the end."""
        return {
            f"{moodle_name(s)}_{s.number}_assignsubmission_file{end}/cnn.py": s.module
            for s in HANDED_IN
        }

    def loose(self) -> Entries:
        """What is downloaded without folders."""
        return {
            f"{moodle_name(s)}_{s.number}_assignsubmission_file_cnn.py": s.module
            for s in HANDED_IN
        }

    def groups(self) -> Entries:
        """A download of groups."""
        return {
            f"Group {s.number % 3}_7{s.number % 3}_{name}": content
            for s, (name, content) in zip(
                HANDED_IN, self.folders("_").items(), strict=True
            )
        }

    def blind(self) -> Entries:
        """What is downloaded while names are hidden."""
        return {
            f"Participant_{s.number}_assignsubmission_file_/cnn.py": s.module
            for s in HANDED_IN
        }

    def zipped(self) -> Entries:
        """A download in which everybody handed in one zip."""
        return {
            f"{moodle_name(s)}_{s.number}_assignsubmission_file_/My work.ZIP": pack(
                {"cw2/cnn.py": s.module, "cw2/data.csv": "1,2\n"}
            )
            for s in HANDED_IN
        }

    @pytest.mark.parametrize("shape", ["folders", "loose", "groups", "blind", "zipped"])
    @pytest.mark.parametrize("save", [save_zip, save_folder])
    def test_every_shape_comes_back_as_it_was_marked(
        self, tmp_path: Path, shape: str, save: Callable[[Entries, Path], Path]
    ) -> None:
        """Each of eleven students gets the grade of what they handed in."""
        download = save(getattr(self, shape)(), tmp_path / "submissions.zip")
        told = take(download, tmp_path / "marks")
        assert told == ("Moodle: 11 participants.",)
        self.return_and_compare(tmp_path, self.english)

    def english(self, grades: Grades) -> bytes:
        """A worksheet of an English site: quoted where PHP quotes."""
        rows = [
            '\ufeffIdentifier,"Full name","ID number","Email address",Status,'
            'Grade,"Maximum Grade","Grade can be changed",'
            '"Last modified (submission)","Last modified (grade)","Feedback comments"'
        ]
        for student in CLASS:
            grade = grades.get(student.number, "")
            comment = f'"{self.comment(student)}"' if grade else ""
            name = student.name.replace('"', '""')
            rows.append(
                f'"Participant {student.number}","{name}",00{student.number},'
                f'{student.username}@example.org,"Submitted for grading - ",{grade},'
                f'60.00,Yes,"Friday, 6 March 2026, 5:00 PM",-,{comment}'
            )
        return "".join(f"{row}\n" for row in rows).encode()

    def german(self, grades: Grades) -> bytes:
        """A worksheet of a German site, saved by a German Excel: as Windows does."""
        rows = [
            "ID;Vollständiger Name;Status;Bewertung;Bestwertung;"
            "Bewertung kann geändert werden;Zuletzt geändert (Abgabe);"
            "Zuletzt geändert (Bewertung);Feedback als Kommentar"
        ]
        for student in CLASS:
            grade = grades.get(student.number, "")
            comment = self.comment(student) if grade else ""
            name = student.name.encode("cp1252", "replace").decode("cp1252")
            quoted = '"' + name.replace('"', '""') + '"'
            shown = quoted if set(name) & set(';"') else name
            rows.append(
                f"Teilnehmer/in{student.number};{shown};Zur Bewertung abgegeben;"
                f"{grade};60,00;Ja;Freitag, 6. März 2026, 17:00;-;{comment}"
            )
        return "".join(f"{row}\r\n" for row in rows).encode("cp1252")

    def chinese(self, grades: Grades) -> bytes:
        """A worksheet of a Chinese site, in UTF-16 with tabs."""
        rows = [
            "编号\t全名\t状态\t成绩\t最高分\t可以更改成绩\t最后修改时间(成绩)\t反馈评论"
        ]
        for student in CLASS:
            grade = grades.get(student.number, "")
            comment = self.comment(student) if grade else ""
            name = student.name.replace('"', '""')
            rows.append(
                f'参与者 {student.number}\t"{name}"\t已提交\t{grade}\t60.00\t是\t'
                f"2026年03月6日 星期五 17:00\t{comment}"
            )
        text = "".join(f"{row}\r\n" for row in rows)
        return codecs.BOM_UTF16_LE + text.encode("utf-16-le")

    @staticmethod
    def comment(student: Student) -> str:
        """The comment that is expected."""
        return (
            f"Marked by Reelmark: {student.marks:g} of 60 marks for code, 0 of 1 tasks "
            "passed."
        )

    @pytest.mark.parametrize("language", ["english", "german", "chinese"])
    def test_worksheets_of_any_language_are_filled(
        self, tmp_path: Path, language: str
    ) -> None:
        """Columns are found by where they are and what they hold."""
        take(save_zip(self.folders(), tmp_path / "s.zip"), tmp_path / "marks")
        self.return_and_compare(tmp_path, getattr(self, language))

    def return_and_compare(
        self, folder: Path, write: Callable[[Grades], bytes]
    ) -> None:
        """Return marks, and expect the teacher's file with the grades in it."""
        worksheet = folder / "Grades Coursework 2.csv"
        worksheet.write_bytes(write({}))
        out = folder / "back"
        run(
            *("moodle", "--worksheet", worksheet, "--marks", folder / "marks"),
            *("--out", out),
        )
        point = "," if write == self.german else "."
        assert (out / worksheet.name).read_bytes() == write(grades_of(point))
        assert worksheet.read_bytes() == write({})

    def test_feedback_goes_to_whom_it_is_for(self, tmp_path: Path) -> None:
        """Moodle finds the participant between the first two underscores."""
        take(save_zip(self.folders(), tmp_path / "s.zip"), tmp_path / "marks")
        self.return_and_compare(tmp_path, self.english)
        with zipfile.ZipFile(tmp_path / "back" / "feedback.zip") as archive:
            pages = {name: archive.read(name).decode() for name in archive.namelist()}
        found = {}
        for name, page in pages.items():
            # As Moodle reads such a name: five parts, the second a number.
            _, number, kind, plugin, rest = name.split("/")[0].split("_", 4)
            assert (kind, plugin, rest) == ("assignsubmission", "file", "")
            assert not name.startswith((".", "~"))
            assert name.endswith("/feedback.html")
            found[int(number)] = page
        assert found == {each.number: f"<p>{each.marks}</p>" for each in HANDED_IN}


class TestCanvas:
    """Canvas: loose files, and a gradebook with rows that are no students."""

    TITLE = 'Coursework 2, "films" (8801)'

    def named(self) -> Entries:
        """What is downloaded with names; some late, some handed in again."""
        entries: dict[str, str] = {}
        for student in HANDED_IN:
            late = "_LATE" if student.number % 2 else ""
            own = f"{canvas_name(student)}{late}_{student.number}"
            entries[f"{own}_90{student.number}_cnn.py"] = worth(1)
            entries[f"{own}_91{student.number}_cnn-2.py"] = worth(2)
            entries[f"{own}_92{student.number}_cnn-10.py"] = student.module
        return entries

    def gradebook(self, grades: Grades) -> bytes:
        """A gradebook with commas, quotes where needed, and other assignments."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(
            [
                *("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
                *("Coursework 1 (8800)", self.TITLE, "Current Score", "Final Grade"),
            ]
        )
        writer.writerow(["", "", "", "", "", "", "Manual Posting", "", ""])
        writer.writerow(
            ["    Points Possible", "", "", "", "", "10", "60", "(read only)", ""]
        )
        for student in CLASS:
            writer.writerow(
                [
                    *(student.name, student.number, f"00{student.number}"),
                    *(student.username, "A and B", "7.50"),
                    *(grades.get(student.number, ""), "75.0", "C"),
                ]
            )
        writer.writerow(["Student, Test", "5999", "", "f00d", "A", "", "", "", ""])
        return buffer.getvalue().encode()

    @pytest.mark.parametrize("save", [save_zip, save_folder])
    @pytest.mark.parametrize("assignment", [TITLE, "8801"])
    def test_a_class_comes_back_as_it_was_marked(
        self, tmp_path: Path, save: Callable[[Entries, Path], Path], assignment: str
    ) -> None:
        """The latest of what was handed in again counts; other columns stay."""
        download = save(self.named(), tmp_path / "submissions.zip")
        told = take(download, tmp_path / "marks")
        assert told == ("Canvas: 11 participants, 11 resubmitted: the latest counts.",)
        gradebook = tmp_path / "2026-03-06_Grades.csv"
        gradebook.write_bytes(self.gradebook({}))
        run(
            *("canvas", "--gradebook", gradebook, "--assignment", assignment),
            *("--marks", tmp_path / "marks", "--out", tmp_path / "back"),
        )
        returned = (tmp_path / "back" / gradebook.name).read_bytes()
        assert returned == self.gradebook(grades_of())

    def test_who_is_excused_stays_so(self, tmp_path: Path) -> None:
        """``EX`` is the teacher's entry, and no grade replaces it."""
        take(save_zip(self.named(), tmp_path / "s.zip"), tmp_path / "marks")
        gradebook = tmp_path / "grades.csv"
        excused = HANDED_IN[0].number
        gradebook.write_bytes(self.gradebook({excused: "EX"}))
        told = run(
            *("canvas", "--gradebook", gradebook, "--assignment", "8801"),
            *("--marks", tmp_path / "marks", "--out", tmp_path / "back"),
        )
        returned = (tmp_path / "back" / gradebook.name).read_bytes()
        assert returned == self.gradebook({**grades_of(), excused: "EX"})
        assert "1 grades are 'EX' and stay so: adalovelace 4100" in told

    def test_anonymous_work_is_told_to_have_no_row(self, tmp_path: Path) -> None:
        """An anonymous id is in no gradebook: this is said; nothing is written."""
        entries = {f"anon_x{s.number}_77{s.number}_cnn.py": s.module for s in HANDED_IN}
        take(save_zip(entries, tmp_path / "s.zip"), tmp_path / "marks")
        gradebook = tmp_path / "grades.csv"
        gradebook.write_bytes(self.gradebook({}))
        with pytest.raises(UsageError, match="downloaded without names"):
            run(
                *("canvas", "--gradebook", gradebook, "--assignment", "8801"),
                *("--marks", tmp_path / "marks", "--out", tmp_path / "back"),
            )
        assert not (tmp_path / "back").exists()


class TestBlackboard:
    """Blackboard: attempts with receipts, and grades by username."""

    COLUMN = "Coursework_2: Films"

    def attempts(self, *, has_receipts: bool = True) -> Entries:
        """What is downloaded: two attempts of each, with a receipt for each."""
        entries: dict[str, str] = {}
        column = self.COLUMN.replace(":", "")
        for student in HANDED_IN:
            own = f"{column}_{student.username}_attempt_2026-03-0"
            entries[f"{own}1-09-00-00_cnn.py"] = worth(1)
            entries[f"{own}6-16-55-03_cnn.py"] = student.module
            if has_receipts:
                receipt = f"Name: {student.name} ({student.username})\nFiles: cnn.py\n"
                entries[f"{own}1-09-00-00.txt"] = receipt
                entries[f"{own}6-16-55-03.txt"] = receipt
        return entries

    def grades(self, grades: Grades) -> bytes:
        """Grades as Blackboard gives them: tabs, UTF-16, everything quoted."""
        rows = [
            [
                *("Last Name", "First Name", "Username", "Student ID", "Last Access"),
                *("Availability", "Weighted Total [Total Pts: up to 100 Score] |801"),
                f"{self.COLUMN} [Total Pts: 60 Score] |802",
            ]
        ]
        for student in CLASS:
            rows.append(
                [
                    *(student.name, "", student.username, f"00{student.number}", ""),
                    *("Yes", "12.5", grades.get(student.number, "")),
                ]
            )
        text = "\n".join(
            "\t".join('"' + cell.replace('"', '""') + '"' for cell in row)
            for row in rows
        )
        return codecs.BOM_UTF16_LE + text.encode("utf-16-le")

    @pytest.mark.parametrize("has_receipts", [True, False])
    def test_a_class_comes_back_as_it_was_marked(
        self, tmp_path: Path, *, has_receipts: bool
    ) -> None:
        """The latest attempt counts, whatever underscores a username holds."""
        entries = self.attempts(has_receipts=has_receipts)
        told = take(save_zip(entries, tmp_path / "s.zip"), tmp_path / "marks")
        assert told[0] == (
            "Blackboard: 11 participants, 11 resubmitted: the latest counts."
        )
        gradebook = tmp_path / "gc_films.xls"
        gradebook.write_bytes(self.grades({}))
        run(
            *("blackboard", "--gradebook", gradebook, "--column", self.COLUMN),
            *("--marks", tmp_path / "marks", "--out", tmp_path / "back"),
        )
        returned = (tmp_path / "back" / gradebook.name).read_bytes()
        assert returned == self.grades(grades_of())


class TestGradescope:
    """Gradescope: an export with its metadata, and a table of marks."""

    def export(self) -> Entries:
        """An export in which two work together, and ids have zeros in front."""
        lines = ["---"]
        entries: dict[str, str | bytes] = {}
        for student in HANDED_IN[1:]:
            folder = f"submission_{student.number}"
            partners = [student, CLASS[0]] if student is HANDED_IN[1] else [student]
            lines += [f"{folder}:", "  :submitters:"]
            for each in partners:
                name = each.name.replace("'", "''")
                lines += [
                    f"  - :name: '{name}'",
                    f"    :sid: '00{each.number}'",
                    f"    :email: '{each.username}@example.org'",
                ]
            lines += [
                "  :created_at: 2026-03-06 16:55:03.123456000 Z",
                "  :history: []",
            ]
            entries[f"assignment_9_export/{folder}/cnn.py"] = student.module
        metadata = "\n".join(lines) + "\n"
        entries["assignment_9_export/submission_metadata.yml"] = metadata
        return entries

    def test_a_class_comes_back_as_it_was_marked(self, tmp_path: Path) -> None:
        """Everybody gets a row; who worked together gets the same marks."""
        told = take(save_zip(self.export(), tmp_path / "s.zip"), tmp_path / "marks")
        assert told == ("Gradescope: 10 participants.",)
        run("gradescope", "--marks", tmp_path / "marks", "--out", tmp_path / "back")
        path = tmp_path / "back" / "gradescope.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = {row["SID"]: row for row in csv.DictReader(file)}
        expected = {f"00{s.number}": s.marks for s in HANDED_IN}
        expected[f"00{CLASS[0].number}"] = CLASS[1].marks
        assert {sid: float(row["Total Score"]) for sid, row in rows.items()} == expected
        assert rows["004101"]["Email"] == "s0010@example.org"

    def test_formulas_are_neutralised_in_what_the_kit_writes(
        self, tmp_path: Path
    ) -> None:
        """A name that a spreadsheet would run gets an apostrophe in front."""
        take(save_zip(self.export(), tmp_path / "s.zip"), tmp_path / "marks")
        run("gradescope", "--marks", tmp_path / "marks", "--out", tmp_path / "back")
        text = (tmp_path / "back" / "gradescope.csv").read_text("utf-8")
        assert re.findall(r'^"[=+@-].*', text, re.MULTILINE) == []
        assert "\"'=cmd|' /C calc'!A0\"" in text


class TestCsv:
    """A plain table, by any column of the roster."""

    @pytest.mark.parametrize("by", ["username", "email"])
    def test_clones_come_back_by_what_scores_csv_says(
        self, tmp_path: Path, by: str
    ) -> None:
        """A folder of clones beside Classroom 50's list of whose they are."""
        entries: dict[str, str] = {}
        head = "username,first_name,last_name,email,section,score,max_score,datetime,"
        lines = [head + "submission_tag,submitted_by,review_url,late"]
        for student in HANDED_IN:
            user = f"user-{student.number}"
            entries[f"films-cw2-{user}/cnn.py"] = student.module
            entries[f"films-cw2-{user}/.git/HEAD"] = "ref: refs/heads/main\n"
            lines.append(
                f"{user},A,B,{user}@example.org,,0,60,2026-03-06T16:55:03Z,t,u,,False"
            )
        entries["scores.csv"] = "\n".join(lines) + "\n"
        told = take(save_zip(entries, tmp_path / "s.zip"), tmp_path / "marks")
        assert told == ("Git clones: 11 participants.",)
        run(
            *("csv", "--by", by, "--marks", tmp_path / "marks"),
            *("--out", tmp_path / "back", "--of", 100, "--decimals", 1),
        )
        with (tmp_path / "back" / "marks.csv").open(encoding="utf-8") as file:
            rows = {row[by]: row for row in csv.DictReader(file)}
        ada, picard = (
            next(row for own, row in rows.items() if str(number) in own)
            for number in (4100, 4110)
        )
        assert (ada["marks"], ada["of"]) == ("100.0", "100.0")
        assert picard["marks"] == "50.3"  # 30.15 of 60 is 50.25: halves go up

    def test_nbgraders_folder_comes_back(self, tmp_path: Path) -> None:
        """``submitted/<student>/<assignment>/`` with time stamps."""
        entries: dict[str, str] = {}
        for student in HANDED_IN:
            folder = f"submitted/s{student.number}"
            entries[f"{folder}/films/cnn.py"] = student.module
            entries[f"{folder}/films/timestamp.txt"] = "2026-03-06 16:55:03.1 UTC\n"
            entries[f"{folder}/essay/text.ipynb"] = "{}"
        told = take(save_folder(entries, tmp_path / "course"), tmp_path / "marks")
        assert told == ("nbgrader: 11 participants.",)
        run("csv", "--marks", tmp_path / "marks", "--out", tmp_path / "back")
        with (tmp_path / "back" / "marks.csv").open(encoding="utf-8") as file:
            rows = {row["student"]: float(row["marks"]) for row in csv.DictReader(file)}
        assert rows == {f"s{each.number}": each.marks for each in HANDED_IN}

    @pytest.mark.parametrize("save", [save_zip, save_folder])
    def test_plain_folders_and_zips_come_back(
        self, tmp_path: Path, save: Callable[[Entries, Path], Path]
    ) -> None:
        """One folder or zip per student, in a folder or in a zip."""
        entries: dict[str, str | bytes] = {}
        for student in HANDED_IN[:6]:
            entries[f"s{student.number}/cnn.py"] = student.module
        for student in HANDED_IN[6:]:
            entries[f"s{student.number}.zip"] = pack({"w/cnn.py": student.module})
        told = take(save(entries, tmp_path / "s.zip"), tmp_path / "marks")
        assert "11" in told[0]
        run("csv", "--marks", tmp_path / "marks", "--out", tmp_path / "back")
        with (tmp_path / "back" / "marks.csv").open(encoding="utf-8") as file:
            rows = {row["student"]: float(row["marks"]) for row in csv.DictReader(file)}
        assert rows == {f"s{each.number}": each.marks for each in HANDED_IN}
