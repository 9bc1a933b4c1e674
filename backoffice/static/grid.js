// grid.js - a list at work: one row is the current one; keys walk, select and open; a drawer shows the current row beside the
// list; a run of rows is ticked with Shift; all rows of a long list are counted when somebody wants them all; a value that may
// be changed in place is, in a small dialog
(() => {
  const grid = document.querySelector(".grid[data-preview]");
  if (!grid) return;
  const rows = [...grid.tBodies[0].rows], link = row => row.querySelector(".pin a"), box = row => row?.querySelector(".tick input");
  const id = row => new URL(link(row).href).searchParams.get("id");
  const part = (text, selector) => new DOMParser().parseFromString(text, "text/html").querySelector(selector);
  const drawer = () => document.querySelector("#preview:not([hidden])");
  let at = -1, last = null, waiting;

  function current(n, focus = true) {
    if (!rows.length) return;
    rows[at]?.removeAttribute("aria-current");
    at = Math.max(0, Math.min(rows.length - 1, n));
    rows[at].setAttribute("aria-current", "true");
    if (focus) { link(rows[at]).focus({ preventScroll: true }); rows[at].scrollIntoView({ block: "nearest" }); }
    if (drawer()) { clearTimeout(waiting); waiting = setTimeout(preview, 150); }
  }

  // the drawer of the current row; where it cannot be had, the page of the row
  async function preview() {
    const row = rows[at], { href } = link(row), url = new URL(grid.dataset.preview, location.href);
    url.searchParams.set("id", id(row));
    const answer = await fetch(url).catch(() => null), found = part(answer?.ok ? await answer.text() : "", ".drawer");
    if (row !== rows[at]) return;
    if (!found) { location.assign(href); return; }
    document.getElementById("preview")?.remove();
    grid.closest(".split").append(found);
  }
  function close() {
    const box = drawer(), inside = box?.contains(document.activeElement);
    box?.remove();
    if (inside || document.activeElement === document.body) link(rows[at])?.focus();
  }

  // one value in a dialog: Enter saves, and the row is shown as it is then; where it cannot be had, the page of the row says why
  async function edit(cell) {
    const row = cell.closest("tr"), url = new URL(grid.dataset.inline, location.href), dialog = document.createElement("dialog");
    url.searchParams.set("id", id(row)); url.searchParams.set("field", cell.dataset.edit);
    const answer = await fetch(url).catch(() => null), form = part(answer?.ok ? await answer.text() : "", "form");
    if (!form) { location.assign(link(row).href); return; }
    dialog.setAttribute("aria-labelledby", "inline-h");
    dialog.append(form); document.body.append(dialog);
    dialog.addEventListener("close", () => { dialog.remove(); link(rows[at] || rows[0]).focus(); });
    dialog.addEventListener("submit", async event => {
      event.preventDefault();
      const said = await fetch(event.target.action, { method: "POST", body: new FormData(event.target) }).catch(() => null), text = said ? await said.text() : "";
      const now = part(text, "tbody tr"), again = part(text, "form");
      if (now) { replace(row, now); dialog.close(); } else if (again) { dialog.replaceChildren(again); first(dialog); } else location.assign(link(row).href);
    });
    dialog.showModal(); first(dialog);
  }
  function first(dialog) { dialog.querySelector(".field :is(input, select, textarea):not([type=hidden])")?.focus(); }
  function replace(row, now) {
    const ticked = box(row)?.checked, n = rows.indexOf(row);
    now.setAttribute("role", "row");
    now.querySelectorAll("th, td").forEach(cell => cell.setAttribute("role", cell.matches("th") ? "rowheader" : "cell"));
    if (box(now)) box(now).checked = ticked;
    row.replaceWith(now); rows[n] = now; at = n; now.setAttribute("aria-current", "true");
    if (drawer()) preview();
  }
  grid.addEventListener("dblclick", event => { const cell = event.target.closest("[data-edit]"); if (cell) { current(rows.indexOf(cell.closest("tr")), false); edit(cell); } });

  // what one does with the rows that are ticked, or else with the current one
  function act() {
    const ticked = rows.some(row => box(row)?.checked);
    (ticked ? document.querySelector(".picked .btn") : rows[at]?.querySelector(".act .btn") || document.querySelector(".head > .acts .btn"))?.focus();
  }
  const keys = {
    j: () => current(at + 1), k: () => current(at - 1), G: () => current(rows.length - 1),
    x: () => box(rows[at])?.click(), " ": () => box(rows[at])?.click(), a: act,
    o: () => link(rows[at])?.click(), Enter: () => link(rows[at])?.click(),
    e: () => { const cell = rows[at]?.querySelector("[data-edit]"); if (cell) edit(cell); },
    v: () => { if (drawer()) close(); else if (rows.length) { current(Math.max(at, 0)); preview(); } },
    "]": () => document.querySelector(".pager [rel=next]")?.click(), "[": () => document.querySelector(".pager [rel=prev]")?.click(),
  };
  document.addEventListener("key", event => {
    if (event.detail === "Enter" && document.activeElement?.matches("a")) return;        // the link itself
    if (at < 0 && ["x", " ", "o", "Enter", "e"].includes(event.detail)) return;          // no row yet: space scrolls as ever
    if (keys[event.detail]) { keys[event.detail](); event.preventDefault(); }
  });
  document.addEventListener("go", event => { if (event.detail === "g") { current(0); event.preventDefault(); } });
  document.addEventListener("keydown", event => { if (event.key === "Escape" && document.getElementById("preview")?.hidden) { document.getElementById("preview").hidden = false; close(); } });

  grid.addEventListener("click", event => {
    const row = event.target.closest("tbody tr"), peek = event.target.closest(".peek");
    if (!row) return;
    if (peek) {
      const open = drawer() && rows[at] === row;
      current(rows.indexOf(row), false);
      if (open) close(); else { clearTimeout(waiting); preview(); }
    } else if (event.target.matches(".tick input")) {
      const from = rows.indexOf(last), to = rows.indexOf(row);
      if (event.shiftKey && from >= 0) {
        rows.slice(Math.min(from, to), Math.max(from, to)).forEach(one => { if (box(one)) box(one).checked = event.target.checked; });
        event.target.dispatchEvent(new Event("change", { bubbles: true }));
      }
      last = row;
    } else if (!event.target.closest("a, button, input, label")) current(rows.indexOf(row), false);
  });

  // all rows of the list: the exact number, asked for when the first row is ticked, and instead of the number of ticked rows
  const exact = document.querySelector("[data-exact]"), all = document.querySelector(".picked input[name=all]");
  async function ask() {
    exact.dataset.all = "…";
    try { exact.dataset.all = (await (await fetch(exact.dataset.exact, { headers: { Accept: "application/json" } })).json()).rows; } catch { exact.dataset.all = ""; return; }
    exact.textContent = Number(exact.dataset.all).toLocaleString("zh-CN");
    say();
  }
  function say() { if (all?.checked) document.querySelectorAll(".picked [data-count]").forEach(place => { place.textContent = exact.textContent; }); }
  document.addEventListener("change", event => {
    if (!exact || !event.target.matches(".tick input, .picked input[name=all]")) return;
    if (!exact.dataset.all) ask();
    if (event.target === all && !all.checked) document.querySelectorAll(".picked [data-count]").forEach(place => { place.textContent = rows.filter(row => box(row)?.checked).length; });
    say();
  });
})();
