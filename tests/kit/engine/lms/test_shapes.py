"""Shapes: which system a download comes from, and what is taken from it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kit.stage.lms import (
    MODULES,
    Entries,
    pack,
    results_in,
    save_folder,
    save_zip,
    take,
    worth,
)
from reelmark.errors import UsageError
from reelmark.lms.roster import Person, read_roster
from reelmark.lms.shapes import SYSTEMS, receive

STAMP = "attempt_2026-03-06-16-55-03"
ADA = "Ada_1_assignsubmission_file_/cnn.py"


class Desk:
    """Marks downloads, and reports the outcome."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "marks"

    def mark(self, entries: Entries, origin: str = "") -> tuple[str, ...]:
        """Mark a zip with these entries; return what was told."""
        return take(save_zip(entries, self.folder / "s.zip"), self.out, origin)

    @property
    def totals(self) -> dict[str, float]:
        """What each is worth, by student."""
        return {name: each.total for name, each in results_in(self.out).items()}

    @property
    def people(self) -> dict[str, Person]:
        """The roster, by student."""
        return {each.student: each for each in read_roster(self.out)}

    def notes(self, student: str) -> tuple[str, ...]:
        """What a student is told about the submission."""
        return results_in(self.out)[student].notes


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk of its own."""
    return Desk(tmp_path)


class TestMoodle:
    """Moodle's names: name, participant, plugin; with a group before them, or not."""

    def test_who_typed_a_text_is_there_without_files(self, desk: Desk) -> None:
        """A folder of another plugin is no work, but somebody's."""
        told = desk.mark(
            {
                ADA: worth(5),
                "Ben_2_assignsubmission_onlinetext_/onlinetext.html": "<p>Hi</p>",
                "Cy_3_assignsubmission_file_/": "",
            }
        )
        assert told == ("Moodle: 3 participants, 1 without files.",)
        assert desk.totals == {"Ada 1": 5, "Cy 3": 0}
        assert set(desk.people) == {"Ada 1", "Ben 2", "Cy 3"}

    def test_group_is_kept(self, desk: Desk) -> None:
        """A group's name and number stand before the participant's."""
        desk.mark({f"Group A_7_{ADA}": worth(5)})
        assert desk.people["Ada 1"].group == "Group A"

    def test_names_with_underscores_are_read_from_the_end(self, desk: Desk) -> None:
        """No Moodle writes them, but names changed by hand are understood."""
        desk.mark({"Ada_van_L_12_assignsubmission_file/cnn.py": worth(5)})
        assert desk.people == {
            "Ada van L 12": Person("Ada van L 12", "Ada_van_L", "moodle", "12")
        }

    @pytest.mark.parametrize(
        "name", ["Ada_1_assignsubmission_file_5_6_cnn.py", f"CW_ada_{STAMP}_5_6_cnn.py"]
    )
    def test_numbers_in_file_names_make_no_canvas(self, desk: Desk, name: str) -> None:
        """What another system's name holds says whose name it is."""
        (told, *_) = desk.mark({name: "", name.replace("5_6_", ""): worth(5)})
        assert not told.startswith("Canvas")

    def test_two_folders_of_one_student_are_refused(self, desk: Desk) -> None:
        """It is not clear which counts; their author is told."""
        desk.mark({ADA: worth(5), "Ada_1_assignsubmission_file/cnn.py": worth(6)})
        assert "several folders" in desk.notes("Ada 1")[0]


class TestCanvas:
    """Canvas's names: name, late or not, user, attachment, file."""

    def test_late_and_anonymous_names_are_read(self, desk: Desk) -> None:
        """``LATE`` stands behind a name, and before ``anon``."""
        desk.mark(
            {
                "ada_LATE_1_10_cnn.py": worth(1),
                "ben_2_11_cnn.py": worth(2),
                "LATE_anon_x1B_12_cnn.py": worth(3),
                "anon_77_13_cnn.py": worth(4),
            }
        )
        late = {name: person.late for name, person in desk.people.items()}
        assert late == {
            "ada 1": "yes",
            "ben 2": "no",
            "anon x1B": "yes",
            "anon 77": "no",
        }
        assert desk.totals == {"ada 1": 1, "ben 2": 2, "anon x1B": 3, "anon 77": 4}

    def test_numbers_in_file_names_are_no_ids(self, desk: Desk) -> None:
        """The first two numbers side by side are user and attachment."""
        desk.mark({"ada_1_10_cnn.py": worth(5), "ada_1_11_week_3_4_lstm.py": ""})
        assert desk.totals == {"ada 1": 5}

    def test_highest_number_counts(self, desk: Desk) -> None:
        """Ten comes after two; a zip is handed in again as a module is."""
        desk.mark(
            {
                "ada_1_10_w.zip": pack({"cnn.py": worth(1)}),
                "ada_1_12_w-10.zip": pack({"cnn.py": worth(10)}),
                "ada_1_11_w-2.zip": pack({"cnn.py": worth(2)}),
            }
        )
        assert desk.totals == {"ada 1": 10}
        assert desk.people["ada 1"].attempt == "11"
        assert "'w.zip' was handed in again as 'w-10.zip', which counts." in desk.notes(
            "ada 1"
        )

    def test_typed_texts_are_no_files(self, desk: Desk) -> None:
        """A typed text or a link cannot be marked."""
        told = desk.mark(
            {"ada_1_10_cnn.py": worth(5), "ben_2_text.html": "", "cy_3_link.html": ""}
        )
        assert told == ("Canvas: 3 participants, 2 without files.",)


class TestBlackboard:
    """Blackboard's names: column, username, time of the attempt, file."""

    def test_receipts_tell_columns_and_usernames_apart(self, desk: Desk) -> None:
        """Both may hold underscores; names are in the receipt's first line."""
        desk.mark(
            {
                f"CW_2_a_b_{STAMP}_cnn.py": worth(1),
                f"CW_2_a_b_{STAMP}.txt": "Nom\u00a0: Ada Bee (a_b)\nx (y)\n",
                f"CW_2_a_c_{STAMP}_cnn.py": worth(2),
                f"CW_2_a_c_{STAMP}.txt": "姓名\uff1a王 (a_c)\n",
            }
        )
        assert desk.totals == {"a_b": 1, "a_c": 2}
        people = desk.people
        assert (people["a_b"].name, people["a_c"].name) == ("Ada Bee", "王")
        assert people["a_b"].submitted == "2026-03-06 16:55:03"

    def test_one_receipt_tells_the_column_of_all(self, desk: Desk) -> None:
        """What is known of one holds for the others."""
        desk.mark(
            {
                f"CW_s1_a_{STAMP}_cnn.py": worth(1),
                f"CW_s1_a_{STAMP}.txt": "Name: A (s1_a)\n",
                f"CW_s1_b_{STAMP}_cnn.py": worth(2),
            }
        )
        assert desk.totals == {"s1_a": 1, "s1_b": 2}

    def test_without_receipts_it_is_told_what_was_taken(self, desk: Desk) -> None:
        """The common start of all names may be longer than the column's."""
        told = desk.mark(
            {f"CW_s1_a_{STAMP}_cnn.py": worth(1), f"CW_s1_b_{STAMP}_cnn.py": worth(2)}
        )
        assert "No receipt tells where a username begins" in told[1]

    def test_anchor_may_be_in_usernames_and_files(self, desk: Desk) -> None:
        """The anchor is the last before a file's own name."""
        desk.mark(
            {
                f"CW_eve_{STAMP}_{STAMP}_cnn.py": worth(1),
                f"CW_my_attempt_{STAMP}_cnn.py": worth(2),
                f"CW_ada_{STAMP}_CW_ada_{STAMP}_old.py": "",
                f"CW_ada_{STAMP}_cnn.py": worth(3),
            }
        )
        assert desk.totals == {f"eve_{STAMP}": 1, "my_attempt": 2, "ada": 3}

    def test_last_attempt_with_files_counts(self, desk: Desk) -> None:
        """A later attempt with a comment alone takes no work away."""
        early = STAMP.replace("03-06", "03-01")
        desk.mark(
            {
                f"CW_ada_{early}_cnn.py": worth(5),
                f"CW_ada_{early}.txt": "Name: A (ada)\n",
                f"CW_ada_{STAMP}.txt": "Name: A (ada)\n",
            }
        )
        assert desk.totals == {"ada": 5}
        (note, *_) = desk.notes("ada")
        assert note.endswith("2026-03-01 16:55:03 counts, the last one with files.")


class TestNbgrader:
    """nbgrader's folder of submissions."""

    WORK = "submitted/ada/films/cnn.py"
    TIME = "submitted/ada/films/timestamp.txt"

    def test_one_of_several_assignments_is_asked_for(self, desk: Desk) -> None:
        """Where two hold the modules, the message says what to type."""
        entries = {
            self.WORK: worth(5),
            self.TIME: "2026-03-06 16:55:03 UTC",
            "submitted/ada/resit/cnn.py": worth(6),
        }
        with pytest.raises(UsageError, match="--from nbgrader:films"):
            desk.mark(entries)
        desk.mark(entries, "nbgrader:resit")
        assert desk.totals == {"ada": 6}

    @pytest.mark.parametrize("time", ["", "tomorrow", "x" * 1000])
    def test_time_that_is_none_is_left_out(self, desk: Desk, time: str) -> None:
        """A student wrote it, so it may be anything."""
        desk.mark({self.WORK: worth(5), self.TIME: time})
        assert desk.people["ada"].submitted == ""


class TestClones:
    """Folders of git clones."""

    def test_clones_alone_are_called_as_their_folders(self, desk: Desk) -> None:
        """Without a list of whose they are, nothing is cut off their names."""
        told = desk.mark(
            {
                "cw2-team-a/.git/HEAD": "",
                "cw2-team-a/cnn.py": worth(1),
                "cw2-team-b/.git/HEAD": "",
                "cw2-team-b/cnn.py": worth(2),
            }
        )
        assert told == ("Git clones: 2 participants.",)
        assert desk.totals == {"cw2-team-a": 1, "cw2-team-b": 2}

    def test_longest_username_is_whose_it_is(self, desk: Desk) -> None:
        """``ada`` is not ``mary-ada``; case does not matter to GitHub."""
        header = "username,first_name,last_name,email,section,datetime,late\n"
        desk.mark(
            {
                "scores.csv": header
                + "ada,Ada,L,a@example.org,S1,2026-03-06T16:55:03Z,True\n"
                + "Mary-Ada,Mary,A,m@example.org,S2,,False\n",
                "cw2-ada/cnn.py": worth(1),
                "cw2-mary-ada/cnn.py": worth(2),
            }
        )
        ada, mary = desk.people["cw2-ada"], desk.people["cw2-mary-ada"]
        assert (ada.name, ada.username, ada.late) == ("Ada L", "ada", "yes")
        assert (mary.username, mary.late, mary.group) == ("Mary-Ada", "no", "S2")
        assert ada.submitted == "2026-03-06 16:55:03 UTC"


class TestWrappers:
    """Folders and zips around a download."""

    def test_zip_in_a_folder_in_a_zip_is_a_download(self, desk: Desk) -> None:
        """Each is the only thing in what is around it."""
        inner = pack({ADA: worth(5), "__MACOSX/x": "", ".DS_Store": ""})
        desk.mark({"Downloads/films/submissions.zip": inner})
        assert desk.totals == {"Ada 1": 5}

    def test_zip_in_a_folder_on_the_disk_is_a_download(self, desk: Desk) -> None:
        """As a browser saves it."""
        folder = save_folder({"s.zip": pack({ADA: worth(5)})}, desk.folder / "d")
        take(folder, desk.out)
        assert desk.totals == {"Ada 1": 5}

    def test_broken_zip_alone_is_a_students(self, desk: Desk) -> None:
        """A plain folder with one zip is one student, as it always was."""
        folder = save_folder({"ada.zip": b"PK\3\4"}, desk.folder / "d")
        take(folder, desk.out)
        assert "damaged" in desk.notes("ada")[0]

    @pytest.mark.parametrize("wrapper", ["", "class/"])
    def test_plain_class_in_a_zip_is_found(self, desk: Desk, wrapper: str) -> None:
        """A folder around a class is no student."""
        desk.mark(
            {
                f"{wrapper}ada/cnn.py": worth(1),
                f"{wrapper}ben/src/cnn.py": worth(2),
                f"{wrapper}cy.zip": pack({"cnn.py": worth(3)}),
                f"{wrapper}notes.txt": "",
            }
        )
        assert desk.totals == {"ada": 1, "ben": 2, "cy": 3}

    def test_one_students_folders_are_no_class(self, desk: Desk) -> None:
        """A project with folders in it stays one submission."""
        desk.mark({"ada/src/cnn.py": worth(1), "ada/data/x.csv": ""})
        assert desk.totals == {"ada": 1}

    def test_two_of_one_name_stay_two(self, desk: Desk) -> None:
        """A folder and a zip of one name get names that tell them apart."""
        desk.mark({"ada/cnn.py": worth(1), "ada.zip": pack({"cnn.py": worth(2)})})
        assert sorted(desk.totals.values()) == [1, 2]
        assert all(re.fullmatch(r"ada \([0-9a-f]{6}\)", name) for name in desk.totals)


class TestChoice:
    """What is said if a download cannot be recognised."""

    def test_plain_folders_among_names_of_moodles_are_told(self, desk: Desk) -> None:
        """A few names that look like Moodle's do not make it Moodle's download."""
        plain = {f"s{n}/cnn.py": worth(n) for n in range(5)}
        told = desk.mark({**plain, ADA: worth(9)})
        assert any("--from moodle takes those" in line for line in told)
        assert len(desk.totals) == 6

    def test_loose_module_beside_folders_is_ignored(self, desk: Desk) -> None:
        """A file beside folders of submissions is left out, as it always was."""
        entries = {"ada/cnn.py": worth(1), "cnn.py": worth(9)}
        told = take(save_folder(entries, desk.folder / "class"), desk.out)
        assert "Ignored: cnn.py (neither a folder nor a .zip)" in told
        assert desk.totals == {"ada": 1}

    def test_one_students_zip_is_no_class(self, desk: Desk) -> None:
        """A project with folders in it, and modules beside them, is not a class."""
        with pytest.raises(UsageError, match="so this is one student's work"):
            desk.mark({"data/x.csv": "", "cnn.py": worth(9)})

    def test_plain_folders_can_be_asked_for(self, desk: Desk) -> None:
        """Whatever names look like, and whatever is around them."""
        desk.mark({f"class/{ADA}": worth(1), "class/ben/cnn.py": worth(2)}, "plain")
        assert len(desk.totals) == 2

    def test_strays_are_told(self, desk: Desk) -> None:
        """What is not as the system names it is left out, and said."""
        told = desk.mark({ADA: worth(5), "notes.txt": "x", ".hidden": ""})
        assert told[1:] == ("Ignored: 'notes.txt' (not as Moodle names it)",)

    def test_system_that_is_not_known_is_refused(self, desk: Desk) -> None:
        """The message lists those there are."""
        with pytest.raises(UsageError) as error:
            desk.mark({ADA: worth(5)}, "sakai")
        assert all(name in str(error.value) for name in SYSTEMS)

    def test_system_that_it_is_not_is_refused(self, desk: Desk) -> None:
        """Asked for Canvas, nothing of Moodle's is taken."""
        with pytest.raises(UsageError, match="Canvas: no name is like"):
            desk.mark({ADA: worth(5)}, "canvas")

    def test_missing_download_is_a_sentence(self, tmp_path: Path) -> None:
        """Its path is named."""
        with (
            pytest.raises(UsageError, match=r"none\.zip does not exist"),
            receive(tmp_path / "none.zip", MODULES),
        ):
            pass

    def test_download_without_any_work_is_a_sentence(self, desk: Desk) -> None:
        """If there is nothing to mark, the message says so."""
        with pytest.raises(UsageError, match="nothing to mark"):
            desk.mark({"ada_1_text.html": ""})
