"use strict";
// Turns the pages of long tables, searches and sorts them. Rows come from the data beside the table and
// are only ever set as text. A table's data is read when the table first comes into sight: a report
// on hundreds of accounts has tens of megabytes of it, and most stays in closed folds.
const ROWS = 50;
const SEVERITIES = ["critical", "high", "medium", "low", "info", "mute"];

const ORDERS = {
  n: (a, b) => (Number(a) || 0) - (Number(b) || 0),
  s: (a, b) => SEVERITIES.indexOf(a.toLowerCase()) - SEVERITIES.indexOf(b.toLowerCase()),
};
const WORDS = new Intl.Collator("en", { numeric: true });

function cells(row, kinds) {
  const tr = document.createElement("tr");
  row.forEach((cell, at) => {
    const td = document.createElement("td");
    td.className = kinds[at];
    if (kinds[at] === "s") {
      const mark = document.createElement("span");
      const small = cell.toLowerCase();
      mark.className = "badge " + (SEVERITIES.includes(small) ? small : "info");
      mark.textContent = cell;
      td.append(mark);
    } else {
      td.textContent = cell;
    }
    tr.append(td);
  });
  return tr;
}

function turn(box) {
  const data = box.querySelector('script[type="application/json"]');
  const all = JSON.parse(data.textContent);
  data.remove();
  const body = box.querySelector("tbody");
  const heads = [...box.querySelectorAll("th")];
  const kinds = heads.map((th) => th.className);
  let rows = all, page = 0, size = ROWS, by = -1, down = false;
  const bar = document.createElement("div");
  bar.className = "turn";
  const search = document.createElement("input");
  search.type = "search";
  search.placeholder = "Search these rows";
  search.setAttribute("aria-label", "Search these rows");
  const says = document.createElement("span");
  says.setAttribute("aria-live", "polite");
  const button = (label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.addEventListener("click", () => { act(); show(); });
    return made;
  };
  const back = button("Previous", () => { page -= 1; });
  const next = button("Next", () => { page += 1; });
  const whole = button("Show all", () => { size = size === ROWS ? Math.max(rows.length, ROWS + 1) : ROWS; page = 0; });
  bar.append(search, back, says, next, whole);
  box.before(bar);
  const show = () => {
    const last = Math.max(0, Math.ceil(rows.length / size) - 1);
    page = Math.min(Math.max(page, 0), last);
    const from = page * size;
    const part = rows.slice(from, from + size);
    body.replaceChildren(...part.map((row) => cells(row, kinds)));
    says.textContent = rows.length === 0 ? "No rows" : `${from + 1}\u2013${from + part.length} of ${rows.length}`;
    whole.textContent = size === ROWS ? "Show all" : "By page";
    back.disabled = page === 0;
    next.disabled = page === last;
  };
  const choose = () => {
    const wanted = search.value.toLowerCase();
    rows = wanted === "" ? all : all.filter((row) => row.some((cell) => cell.toLowerCase().includes(wanted)));
    if (by >= 0) {
      const order = ORDERS[kinds[by]] || WORDS.compare;
      rows = [...rows].sort((a, b) => (down ? order(b[by], a[by]) : order(a[by], b[by])));
    }
    size = ROWS;
    page = 0;
    show();
  };
  search.addEventListener("input", choose);
  heads.forEach((th, at) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "sort";
    made.append(...th.childNodes);
    th.append(made);
    made.addEventListener("click", () => {
      down = by === at && !down;
      by = at;
      for (const other of heads) other.removeAttribute("aria-sort");
      th.setAttribute("aria-sort", down ? "descending" : "ascending");
      choose();
    });
  });
  show();
}

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    turn(target);
  }
}, { rootMargin: "600px" });
for (const data of document.querySelectorAll('div.table > script[type="application/json"]')) seen.observe(data.parentElement);
// Paper has no folds.
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
});
