"use strict";
// Sorts, searches and filters what the page shows. It can be read without.

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function control(name) {
  return document.querySelector(`[data-control="${name}"]`);
}

for (const hidden of document.querySelectorAll("[data-script]")) hidden.hidden = false;

// The table of students.

const MOST_ROWS = 100;
const table = document.querySelector("table.sortable");
const body = table.tBodies[0];
const headings = [...table.tHead.rows[0].cells];
const rows = [...body.rows];
const students = rows.map((row, number) => ({
  row,
  number,
  name: fold(row.cells[0].textContent),
  state: row.dataset.state,
}));
let members = null;
let ordered = students;
let isWhole = false;

// More rows than a page can show at once are slow to lay out: they wait outside.
function showStudents() {
  const words = fold(control("student").value).split(/\s+/);
  const state = control("state").value;
  const task = Number(control("task").value);
  const found = ordered.filter(
    (one) =>
      words.every((word) => one.name.includes(word)) &&
      (state === "" || one.state === state) &&
      (task < 0 || one.row.cells[task].className !== "p") &&
      (members === null || members.has(one.number)),
  );
  const shown = isWhole ? found : found.slice(0, MOST_ROWS);
  body.replaceChildren(...shown.map((one) => one.row));
  const count = `${found.length} of ${rows.length}`;
  const left = found.length - shown.length;
  document.querySelector("#shown").textContent = left ? `${count}, the first ${shown.length} shown` : count;
  document.querySelector("#rest").hidden = left === 0;
}

function showAll() {
  isWhole = true;
  table.classList.add("whole");
  showStudents();
}

document.querySelector("#rest button").addEventListener("click", showAll);
addEventListener("beforeprint", showAll);

function showGroup(numbers, words) {
  members = numbers;
  const chip = document.querySelector("#group");
  chip.hidden = numbers === null;
  chip.querySelector("span").textContent = words;
  showStudents();
}

for (const name of ["student", "state", "task"]) {
  control(name).addEventListener("input", showStudents);
}

document.querySelector("#group button").addEventListener("click", () => {
  showGroup(null, "");
  control("student").focus();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-members]");
  if (!button) return;
  const numbers = button.dataset.members.split(" ").map(Number);
  for (const name of ["student", "state"]) control(name).value = "";
  control("task").value = "-1";
  showGroup(new Set(numbers), button.dataset.words);
  document.querySelector("#students").scrollIntoView();
  document.querySelector("#group button").focus({ preventScroll: true });
});

const compareWords = new Intl.Collator().compare;
const compareMarks = (one, other) => (parseFloat(one) || 0) - (parseFloat(other) || 0);

headings.forEach((heading, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...heading.childNodes);
  heading.append(button);
  button.addEventListener("click", () => {
    const sign = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    for (const cell of headings) cell.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
    const compare = heading.matches(".num, .turn") ? compareMarks : compareWords;
    const keyed = students.map((one) => [one.row.cells[column].textContent, one]);
    keyed.sort((one, other) => sign * compare(one[0], other[0]));
    ordered = keyed.map((pair) => pair[1]);
    showStudents();
  });
});

// The list of checks.

const list = document.querySelector("#items");
if (list) {
  const items = [...list.children];
  const texts = items.map((item) => fold(item.textContent));
  const orders = {
    missed: (one, other) => other.dataset.missed - one.dataset.missed,
    facility: (one, other) => one.dataset.facility - other.dataset.facility,
    gap: (one, other) => (one.dataset.gap || 9) - (other.dataset.gap || 9),
    place: () => 0,
  };
  const showItems = () => {
    const words = fold(control("check").value).split(/\s+/);
    const task = control("check-task").value;
    items.forEach((item, number) => {
      const isShown =
        words.every((word) => texts[number].includes(word)) &&
        (task === "" || item.dataset.task === task);
      item.hidden = !isShown;
    });
  };
  const sortItems = () => {
    const order = orders[control("order").value];
    const byPlace = (one, other) => one.dataset.place - other.dataset.place;
    list.append(...[...items].sort((a, b) => order(a, b) || byPlace(a, b)));
  };
  control("check").addEventListener("input", showItems);
  control("check-task").addEventListener("input", showItems);
  control("order").addEventListener("input", sortItems);
}
showStudents();
