"use strict";
// Turns the pages of long tables. Rows come from the data beside the table and are only ever set as
// text.
const ROWS = 50;
const SEVERITIES = ["critical", "high", "medium", "low", "info", "mute"];
for (const box of document.querySelectorAll("div.table")) {
  const data = box.querySelector('script[type="application/json"]');
  if (!data) continue;
  const all = JSON.parse(data.textContent);
  const body = box.querySelector("tbody");
  const kinds = [...box.querySelectorAll("th")].map((th) => th.className);
  let rows = all;
  let page = 0;
  let size = ROWS;
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
  const whole = button("Show all", () => { size = rows.length; page = 0; });
  bar.append(search, back, says, next, whole);
  box.before(bar);
  const show = () => {
    const last = Math.max(0, Math.ceil(rows.length / size) - 1);
    page = Math.min(Math.max(page, 0), last);
    const from = page * size;
    const part = rows.slice(from, from + size);
    body.replaceChildren(...part.map((row) => {
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
    }));
    says.textContent = rows.length === 0 ? "No rows" : `${from + 1}\u2013${from + part.length} of ${rows.length}`;
    back.disabled = page === 0;
    next.disabled = page === last;
  };
  search.addEventListener("input", () => {
    const wanted = search.value.toLowerCase();
    rows = all.filter((row) => row.some((cell) => cell.toLowerCase().includes(wanted)));
    size = ROWS;
    page = 0;
    show();
  });
  show();
}
// Paper has no folds.
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
});
