"""Pages: what they say, what they separate, and what cannot be smuggled in."""

from __future__ import annotations

import dataclasses
import html.parser
import re
import subprocess
import sys
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import pytest

from reelmark.grading import pages, plots
from reelmark.intake.submissions import file_stem
from reelmark.manifest import Coursework, Task
from reelmark.results import (
    Adjustment,
    CheckResult,
    Result,
    Status,
    summarise,
    summarise_task,
    total_up,
)

HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(1)> & {{ 7 * 7 }}"""

MESSAGE = """\
1a  weigh(): the flour is not enough.

  expected  500 g
  got       50 g

  Why       A digit is missing.
  Next      Compare the unit with
            section 1 of the brief.
"""


def make_task(task_id: str, function: str, minutes: int = 10) -> Task:
    """Return a task worth 4 marks of the module ``dough``."""
    title = f"{function.capitalize()} the dough"
    return Task(task_id, title, "1", "dough", function, 4, minutes, (), ())


COURSEWORK = Coursework(
    Path("nowhere"),
    "Bread for beginners",
    (
        make_task("1a", "weigh", 20),
        make_task("1b", "knead", 30),
        make_task("2", "bake"),
    ),
)


def make_check(
    status: Status, *, hidden: bool = False, message: str = "", number: int = 1
) -> CheckResult:
    """Return a check called "Loaf ``number`` rises.", worth 2 marks."""
    marks = 2.0 if status is Status.PASSED else 0.0
    title = f"Loaf {number} rises."
    return CheckResult(f"t{number}", title, hidden, status, marks, 2, message, 0.1)


def make_result(
    *checks: CheckResult, student: str = "Ada", notes: tuple[str, ...] = ()
) -> Result:
    """Return a submission whose first task has ``checks``; the others pass."""
    first, *others = COURSEWORK.tasks
    passed = [make_check(Status.PASSED)]
    tasks = [summarise_task(first.id, first.title, checks or passed)]
    tasks += [summarise_task(task.id, task.title, passed) for task in others]
    return summarise(student, tasks, notes=notes, fingerprint="f00d")


def make_untouched() -> Result:
    """Return a submission of stubs."""
    idle = [make_check(Status.NOT_STARTED)]
    tasks = [summarise_task(task.id, task.title, idle) for task in COURSEWORK.tasks]
    return summarise("Eve", tasks)


class Page(html.parser.HTMLParser):
    """What a browser would make of a page: its elements, text and addresses."""

    inline = frozenset({"b", "bdi", "code", "i", "strong"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.source = text
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.is_text = True
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element; what is inside of scripts and styles is no text."""
        self.elements.append((tag, dict(attrs)))
        self.is_text = tag not in {"script", "style"}
        self.words.append("" if tag in self.inline else " ")

    def handle_endtag(self, tag: str) -> None:
        """Note that text goes on after a script or a style."""
        self.is_text = self.is_text or tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        """Note a piece of text."""
        if self.is_text:
            self.words.append(data)

    @property
    def text(self) -> str:
        """What there is to read, on one line."""
        return " ".join("".join(self.words).split())

    @property
    def links(self) -> list[str]:
        """The addresses the page leads to."""
        found = [attrs.get("href") for _, attrs in self.elements]
        return [link for link in found if link is not None]

    def count(self, tag: str) -> int:
        """Count the elements called ``tag``."""
        return [name for name, _ in self.elements].count(tag)


Render = Callable[..., Page]


@pytest.fixture
def feedback(tmp_path: Path) -> Callable[[Result], Page]:
    """Render the page of one student."""

    def render(result: Result) -> Page:
        path = tmp_path / "feedback.html"
        pages.write_feedback(result, COURSEWORK, path)
        return Page(path.read_text(encoding="utf-8"))

    return render


@pytest.fixture
def class_page(tmp_path: Path) -> Callable[..., Page]:
    """Render the page of a class."""

    def render(*results: Result) -> Page:
        path = tmp_path / "index.html"
        pages.write_class_page(results, COURSEWORK, path)
        return Page(path.read_text(encoding="utf-8"))

    return render


def test_public_and_hidden_checks_are_counted_apart(feedback: Render) -> None:
    """For each kind, the page says how many checks there are and how many passed."""
    page = feedback(
        make_result(
            make_check(Status.PASSED),
            make_check(Status.FAILED, number=2),
            make_check(Status.FAILED, hidden=True, number=3),
        )
    )
    assert "Public checks 3 of 4 passed, hidden 0 of 1." in page.text


def test_missing_hidden_checks_are_said_to_be_missing(feedback: Render) -> None:
    """A student who ran only the public checks reads that there are others."""
    assert "hidden 0 of 0. Hidden checks were not run" in feedback(make_result()).text


def test_total_stands_beside_what_can_be_had(feedback: Render) -> None:
    """The page begins with the marks, and the maximum."""
    page = feedback(make_result(make_check(Status.FAILED)))
    assert "4 of 6 marks" in page.text


@pytest.mark.parametrize("status", Status)
def test_state_is_told_in_words(status: Status, feedback: Render) -> None:
    """The word for every state is on the page, beside its meaning."""
    words = f"{status} {pages.STATES[status].meaning}"
    assert words in feedback(make_result()).text


def test_kit_fault_blames_the_checker(feedback: Render) -> None:
    """A fault of the checker is worded as the house style has it."""
    page = feedback(make_result(make_check(Status.KIT_FAULT)))
    fault = "This is a fault in the checker, not in your work. No marks are lost."
    assert page.text.count(fault) == 3  # the banner, the check, the legend


def test_states_have_different_letters() -> None:
    """No two states look alike without colour."""
    letters = [state.letter for state in pages.STATES.values()]
    signs = [state.sign for state in pages.STATES.values()]
    assert len(set(letters)) == len(set(signs)) == len(Status)


@pytest.mark.parametrize("status", [Status.PASSED, Status.FAILED])
def test_hidden_check_is_marked(status: Status, feedback: Render) -> None:
    """A hidden check says that its inputs are not shown."""
    page = feedback(make_result(make_check(status, hidden=True)))
    assert page.text.count("hidden check: its inputs are not shown") == 1


def test_public_check_is_not_marked_hidden(feedback: Render) -> None:
    """A page without hidden checks marks none."""
    page = feedback(make_result(make_check(Status.FAILED)))
    assert "its inputs are not shown" not in page.text


def test_message_keeps_its_lines(feedback: Render) -> None:
    """A message is shown to the letter, its columns aligned."""
    page = feedback(make_result(make_check(Status.FAILED, message=MESSAGE)))
    assert f"<pre>{MESSAGE.strip()}</pre>" in page.source


def test_failure_is_open_and_pass_is_folded(feedback: Render) -> None:
    """Only checks that have passed, or wait, must be unfolded to be read."""
    failed = make_check(Status.FAILED, number=7)
    page = feedback(make_result(make_check(Status.PASSED), failed))
    folded = "".join(re.findall(r"<details>.*?</details>", page.source, re.DOTALL))
    assert "Loaf 1 rises." in folded
    assert "Loaf 7 rises." not in folded


def test_task_table_leads_to_the_checks(feedback: Render) -> None:
    """Every link within the page leads to a place in it."""
    page = feedback(make_result(make_check(Status.FAILED)))
    places = {f"#{attrs['id']}" for _, attrs in page.elements if "id" in attrs}
    assert {"#task-1a", "#task-1b", "#task-2"} <= set(page.links) <= places


def test_remarks_are_for_instructors(feedback: Render, class_page: Render) -> None:
    """The class page says who uses the checker's modules; the student's does not."""
    result = dataclasses.replace(
        make_result(), remarks=("dough.py, line 3: import <reelmark>",)
    )
    assert "1 submission uses modules of the checker" in class_page(result).text
    assert "line 3: import <reelmark>" in class_page(result).text
    assert "line 3" not in feedback(result).text
    assert "of the checker" not in class_page(make_result()).text


def test_ids_are_used_once(feedback: Render) -> None:
    """No two elements share an id."""
    failed = [make_check(Status.FAILED, number=n) for n in range(3)]
    page = feedback(make_result(*failed, notes=("A note.",)))
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(set(ids)) == len(ids)


def test_notes_are_shown(feedback: Render) -> None:
    """What is said of the submission as a whole is on its page."""
    page = feedback(make_result(notes=("dough.py cannot be imported.",)))
    assert "dough.py cannot be imported." in page.text


def test_task_not_started_names_what_to_write(feedback: Render) -> None:
    """A student with an empty stub reads which function to write, and where."""
    page = feedback(make_untouched())
    assert "not started Write weigh() in dough.py" in page.text


def test_tasks_not_started_come_in_the_order_of_the_coursework() -> None:
    """An untouched submission begins with the first task."""
    steps = pages.plan_steps(make_untouched(), COURSEWORK)
    assert [step.task.id for step in steps] == ["1a", "1b", "2"]


def test_cheapest_repair_comes_first() -> None:
    """If two tasks fail, the one with fewer minutes left comes first."""
    slow = summarise_task("1a", "Weigh", [make_check(Status.FAILED)])
    quick = summarise_task("2", "Bake", [make_check(Status.FAILED)])
    steps = pages.plan_steps(summarise("Ada", [slow, quick]), COURSEWORK)
    assert [step.task.id for step in steps] == ["2", "1a"]


def test_repair_comes_before_a_new_task() -> None:
    """Existing work is fixed before new work is begun."""
    idle = summarise_task("2", "Bake", [make_check(Status.NOT_STARTED)])
    wrong = summarise_task("1b", "Knead", [make_check(Status.FAILED)])
    steps = pages.plan_steps(summarise("Ada", [idle, wrong]), COURSEWORK)
    assert [step.task.id for step in steps] == ["1b", "2"]


def test_step_names_the_first_failed_check() -> None:
    """Checks that wait for the failed one are not where to begin."""
    checks = [make_check(Status.PASSED), make_check(Status.FAILED, number=2)]
    checks += [make_check(Status.NOT_CHECKED, number=3)]
    (step,) = pages.plan_steps(make_result(*checks), COURSEWORK)
    assert step.check == checks[1]


def test_advice_is_the_author_s() -> None:
    """The last words under "Next" are what to do next, on one line."""
    check = make_check(Status.FAILED, message=f"  Next      Give up.\n{MESSAGE}")
    advice = "Compare the unit with section 1 of the brief."
    assert pages.find_advice(check) == advice


def test_message_without_advice_gets_that_of_its_state(feedback: Render) -> None:
    """A check that timed out says where to look, whatever its message."""
    page = feedback(make_result(make_check(Status.TIMED_OUT)))
    advice = pages.STATES[Status.TIMED_OUT].advice
    assert f"What to do next: {advice}" in page.text


def test_healthy_work_has_nothing_left(feedback: Render) -> None:
    """A student who passed everything is told so."""
    assert "Nothing: every check passed." in feedback(make_result()).text


def test_refused_submission_has_a_page(feedback: Render) -> None:
    """A submission without tasks shows its note, and claims no pass."""
    page = feedback(summarise("Ada", [], notes=("The archive leads outside.",)))
    assert "Nothing was checked. Begin with the note above." in page.text
    assert "every check passed" not in page.text


def make_hostile() -> Result:
    """Return a submission with markup in every word it can hold."""
    checks = [
        CheckResult(HOSTILE, HOSTILE, hidden, status, 0, 2, HOSTILE, 0)
        for hidden in (False, True)
        for status in Status
    ]
    return make_result(*checks, student=HOSTILE, notes=(HOSTILE,))


def test_hostile_words_stay_words_in_feedback(feedback: Render) -> None:
    """Markup in a name, a note, a title or a message is shown as text, in full."""
    page = feedback(make_hostile())
    assert page.count("script") == page.count("img") == 0
    assert page.text.count(HOSTILE) > 20


def test_hostile_words_stay_words_in_the_class(class_page: Render) -> None:
    """In the class page the only script is the kit's own."""
    page = class_page(make_hostile())
    assert (page.count("script"), page.count("img")) == (1, 0)
    assert HOSTILE in page.text


@pytest.mark.parametrize("student", [HOSTILE, "x onclick=alert(1)", "' onclick='x"])
def test_name_adds_no_attribute(student: str, class_page: Render) -> None:
    """No name becomes an attribute that a browser would run."""
    page = class_page(make_result(student=student))
    names = {name for _, attrs in page.elements for name in attrs}
    assert not {name for name in names if name.startswith("on")}


def test_name_is_no_scheme(class_page: Render) -> None:
    """A student named like a script's address gets a file like any other."""
    page = class_page(make_result(student="javascript:alert(1)"))
    assert f"instructor/{file_stem('javascript:alert(1)')}.html" in page.links


def test_control_characters_are_written_out(feedback: Render) -> None:
    """Colour codes of a terminal are shown as such, not swallowed."""
    page = feedback(make_result(make_check(Status.FAILED, message="\x1b[31mred\x00")))
    assert "<pre>\\x1b[31mred\\x00</pre>" in page.source


def test_browser_is_told_to_run_nothing(feedback: Render) -> None:
    """A content security policy forbids every script in feedback."""
    policies = [
        attrs.get("content") or "" for _, attrs in feedback(make_result()).elements
    ]
    assert any("script-src 'none'" in policy for policy in policies)


@pytest.mark.parametrize("kind", ["feedback", "class_page"])
def test_page_needs_nothing_else(kind: str, request: pytest.FixtureRequest) -> None:
    """A page loads nothing: no address in it leaves the folder."""
    page = request.getfixturevalue(kind)(make_result(make_check(Status.KIT_FAULT)))
    loaded = [
        attrs for _, attrs in page.elements if "src" in attrs or "srcset" in attrs
    ]
    assert not loaded
    assert not re.search(r"https?://|url\(|@import|<link", page.source)
    assert all(link.startswith(("#", "instructor/")) for link in page.links)


@pytest.mark.parametrize("kind", ["feedback", "class_page"])
def test_same_results_give_the_same_bytes(
    kind: str, request: pytest.FixtureRequest
) -> None:
    """A page contains nothing random, and no date."""
    render = request.getfixturevalue(kind)
    assert render(make_hostile()).source == render(make_hostile()).source


def test_order_of_marking_does_not_show(class_page: Render) -> None:
    """Students are sorted by name, whoever was marked first."""
    ada, eve = make_result(), make_untouched()
    assert class_page(ada, eve).source == class_page(eve, ada).source


def test_every_student_is_listed_and_linked(class_page: Render) -> None:
    """Each name leads to the instructor's page of that student."""
    students = [f"Zoë #{n}, 50%" for n in range(40)]
    page = class_page(*(make_result(student=student) for student in students))
    found = {urllib.parse.unquote(link) for link in page.links}
    assert {f"instructor/{student}.html" for student in students} <= found


def test_link_holds_no_second_folder() -> None:
    """A name with slashes stays one file."""
    link = pages.link_student("../../etc", "feedback", ".html")
    assert link.count("/") == 1


def test_undecodable_name_has_a_page(class_page: Render) -> None:
    """A folder name that is not UTF-8 does not end the class page."""
    assert "Zo\\udceb" in class_page(make_result(student="Zo\udceb")).text


def test_kit_faults_come_first(class_page: Render) -> None:
    """The instructor reads about a fault in the checker before any figure."""
    fault = make_result(make_check(Status.KIT_FAULT), student="Eve")
    page = class_page(make_result(), fault)
    heading = "The checker failed on 1 of 2 submissions"
    assert 0 < page.text.find(heading) < page.text.find("median")


def test_sound_class_reads_of_no_fault(class_page: Render) -> None:
    """Without a fault in the checker there is no such heading."""
    assert "The checker failed" not in class_page(make_result()).text


def test_cell_tells_its_state_without_colour(class_page: Render) -> None:
    """A cell of the student table holds marks, and a letter unless it passed."""
    page = class_page(make_result(make_check(Status.FAILED)))
    assert "<td class=f>0<i>F</i><td class=p>2<td class=p>2" in page.source


def test_class_keeps_public_and_hidden_apart(class_page: Render) -> None:
    """The share of checks passed is given for each kind."""
    page = class_page(make_result(make_check(Status.FAILED, hidden=True)))
    assert "public checks passed 100%" in page.text
    assert "hidden checks passed 0%" in page.text


def test_most_missed_check_comes_first(class_page: Render) -> None:
    """Checks are sorted by how many tried and missed them."""
    tried, seldom = make_check(Status.FAILED), make_check(Status.FAILED, number=2)
    passed = make_check(Status.PASSED, number=2)
    page = class_page(make_result(passed, tried), make_result(seldom, tried))
    assert page.text.find("Loaf 1 rises. 2 missed it") < page.text.find(
        "Loaf 2 rises. 1 missed it"
    )


def test_missed_check_is_told_by_status(class_page: Render) -> None:
    """A check says in which states the class has it."""
    failed, late = make_check(Status.FAILED), make_check(Status.TIMED_OUT)
    page = class_page(*map(make_result, [failed, failed, late]))
    assert "timed out 1, failed 2." in page.text


def test_those_who_did_the_same_are_told_together(class_page: Render) -> None:
    """Below a check are its groups: how many, what they did, and who."""
    failed = make_check(Status.FAILED, message=MESSAGE)
    other = make_check(Status.FAILED, message=MESSAGE.replace("digit", "unit"))
    page = class_page(
        *(make_result(failed, student=name) for name in ("Ada", "Ben", "Cy")),
        make_result(other, student="Dee"),
    )
    assert "3 students A digit is missing." in page.text
    assert "1 student A unit is missing." in page.text
    numbers = [attrs.get("data-members") for _, attrs in page.elements]
    assert "0 1 2" in numbers


def test_class_page_shows_what_hidden_checks_saw(class_page: Render) -> None:
    """The class page is the instructor's: its groups use the detail."""
    check = make_check(Status.FAILED, hidden=True, message="It does not hold.")
    detail = "1a  weigh(7): wrong.\n\n  expected  500\n  got       50\n"
    page = class_page(make_result(dataclasses.replace(check, detail=detail)))
    assert "1 student Wrong. Got 50" in page.text
    assert "weigh(7)" in page.text


def test_few_submissions_are_said_to_be_few(class_page: Render) -> None:
    """Shares of a small class come with a warning, those of a large one without."""
    few = class_page(*(make_result(student=f"S{n}") for n in range(12)))
    many = class_page(*(make_result(student=f"S{n}") for n in range(40)))
    warning = "one more or less moves these shares by much"
    assert (warning in few.text, warning in many.text) == (True, False)


def test_everything_of_the_script_is_in_the_page(class_page: Render) -> None:
    """What the script looks for by name is there, whoever is in the class."""
    page = class_page(make_result())
    script = (pages.TEMPLATES / "class.js").read_text(encoding="utf-8")
    controls = {attrs.get("data-control") for _, attrs in page.elements}
    ids = {attrs.get("id") for _, attrs in page.elements}
    assert set(re.findall(r'control\("([\w-]+)"\)', script)) <= controls
    assert set(re.findall(r'querySelector\("#(\w+)', script)) <= ids


def adjust(result: Result, marks: float) -> Result:
    """Return a result of which the first task has marks set by hand."""
    first, *others = result.tasks
    told = Adjustment(first.marks, "The scales were <b>broken</b>.", "Dr Lee")
    changed = dataclasses.replace(first, marks=marks, adjusted=told)
    return total_up(result, [changed, *others])


@pytest.mark.parametrize("kind", ["feedback", "class_page"])
def test_marks_set_by_hand_are_told(kind: str, request: pytest.FixtureRequest) -> None:
    """What was found, what counts, why and by whom are shown side by side."""
    result = adjust(make_result(make_check(Status.FAILED)), 1.5)
    page = request.getfixturevalue(kind)(result)
    told = "0 1.5 of 2 The scales were <b>broken</b>. Dr Lee"
    assert "Marks set by hand" in page.text
    assert told in page.text


def test_nothing_set_by_hand_is_not_spoken_of(feedback: Render) -> None:
    """Feedback without adjustments does not mention them."""
    assert "by hand" not in feedback(make_result()).text


def test_feedback_holds_nothing_of_the_detail(feedback: Render) -> None:
    """What is only for the instructor is not on a student's page in any form."""
    detail = "1a  weigh(SECRET): wrong.\n\n  got       SECRET\n"
    checks = [
        dataclasses.replace(make_check(status, hidden=hidden), detail=detail)
        for status in Status
        for hidden in (False, True)
    ]
    assert "SECRET" not in feedback(make_result(*checks)).source


def test_what_lost_marks_is_printed_in_lines(feedback: Render) -> None:
    """On paper, each check that lost marks is one line: title, finding, marks."""
    page = feedback(
        make_result(
            make_check(Status.FAILED, message=MESSAGE),
            make_check(Status.NOT_STARTED, number=2),
            make_check(Status.NOT_STARTED, number=3),
        )
    )
    assert "1a Loaf 1 rises. A digit is missing. 2" in page.text
    assert "1a 2 checks not started." in page.text


def test_longest_losses_are_printed(feedback: Render) -> None:
    """A submission that fails everything is printed on no more than three sheets."""
    checks = [make_check(Status.FAILED, number=n) for n in range(200)]
    page = feedback(make_result(*checks))
    _, _, paper = page.text.partition("What lost marks")
    paper, _, _ = paper.partition("Checks, task by task")
    assert paper.count("rises.") == pages.MOST_LOSSES
    assert "150 more lost 300 marks" in paper


def test_quartiles_are_those_of_the_totals() -> None:
    """Five totals are their own five numbers."""
    whole = make_result()
    totals = [dataclasses.replace(whole, total=total) for total in (0, 1, 2, 3, 10)]
    figures = plots.describe_totals(totals)
    assert list(figures.values()) == [3.2, 0, 1, 2, 3, 10]


def test_refused_submission_lowers_the_mean_share() -> None:
    """A submission without the task counts, as it does in the mean of totals."""
    share = plots.share_task(COURSEWORK.tasks[0], [make_result(), summarise("Eve", [])])
    assert share.mean == 0.5


def test_full_marks_stand_in_the_last_bar() -> None:
    """The highest total is drawn, not one bar beyond the plot."""
    assert plots.count_bins([0, 59.99, 60], step=5, num_bins=12)[-1] == 2


def test_bars_hold_the_whole_class() -> None:
    """The counts of the histogram add up to the class."""
    plot = plots.plan_histogram([0, 7.5, 33, 60], most=60, median=20)
    assert sum(bar.count for bar in plot.bars) == 4


@pytest.mark.parametrize("num_students", [0, 1])
def test_smallest_classes_have_a_page(num_students: int, class_page: Render) -> None:
    """An empty class, or a class of one, can be shown."""
    page = class_page(*[make_result()] * num_students)
    assert f"{num_students} submission" in page.text


def test_large_class_fits_a_megabyte(class_page: Render) -> None:
    """Four hundred students with long notes make a page a browser likes."""
    results = [
        make_result(student=f"Student {n:03}", notes=("long " * 1000,))
        for n in range(400)
    ]
    assert len(class_page(*results).source.encode()) < 1_000_000


@pytest.mark.parametrize(
    ("marks", "shown"), [(3.0, "3"), (7.5, "7.5"), (0.0, "0"), (100.0, "100")]
)
def test_marks_are_written_plainly(marks: float, shown: str) -> None:
    """Whole marks have no decimals, and zeros that count stay."""
    assert pages.format_marks(marks) == shown


def test_importing_pages_is_cheap() -> None:
    """Neither a plotting nor a learning library is loaded for a page."""
    code = "import sys, reelmark.grading.pages; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    heavy = {"matplotlib", "numpy", "pandas", "tensorflow"}
    assert not heavy & set(run.stdout.split())
