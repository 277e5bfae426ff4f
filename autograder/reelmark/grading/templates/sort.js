"use strict";
// Makes the headings of the student table sort it. The page works without.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const compareWords = (one, other) => one.localeCompare(other);
  const compareMarks = (one, other) => parseFloat(one) - parseFloat(other);
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const sign = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const cell of table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
      const compare = heading.matches(".num, .turn") ? compareMarks : compareWords;
      const keyed = [...body.rows].map((row) => [row.cells[column].textContent, row]);
      keyed.sort((one, other) => sign * compare(one[0], other[0]));
      body.append(...keyed.map((pair) => pair[1]));
    });
  });
}
