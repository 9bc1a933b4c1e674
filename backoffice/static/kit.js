// kit.js - what HTML and CSS cannot do alone. Loaded in <head> without defer so that the theme is set before the first
// paint; everything else waits for the page. No inline handlers: behaviour hangs on data attributes.
(() => {
  const root = document.documentElement;
  const keep = {
    get: key => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window */ } },
  };
  for (const name of ["theme", "density"]) if (!root.dataset[name] && keep.get(name)) root.dataset[name] = keep.get(name);
  const find = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const token = () => find("meta[name=csrf-token]")?.content || "";

  // how the page looks is kept in the browser, and with the account of whoever is logged in
  function look(name, value) {
    keep.set(name, root.dataset[name] = value);
    if (root.dataset.account) fetch(root.dataset.account, {
      method: "POST", headers: { "X-CSRFToken": token() }, body: new URLSearchParams({ [name]: value }), redirect: "manual",
    }).catch(() => { /* the browser keeps it anyway */ });
  }

  const actions = {
    theme() {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      look("theme", dark ? "light" : "dark");
    },
    density() { look("density", root.dataset.density === "comfortable" ? "compact" : "comfortable"); },
    open(id) { const box = document.getElementById(id); if (box && !box.open) box.showModal(); },
    close(_, from) { const box = from.closest("dialog, .drawer"); box.close ? box.close() : box.hidden = true; },
    drawer(id) { const box = document.getElementById(id); box.hidden = false; find("a, button", box)?.focus(); },
    remove(_, from) { from.closest(".chip").remove(); },
    clear() { all(".tick input").forEach(box => { box.checked = box.indeterminate = false; }); count(); },
    print() { print(); },
  };

  // data-do="open:search" on a button or link
  document.addEventListener("click", event => {
    const from = event.target.closest("[data-do]");
    if (!from || from.getAttribute("aria-disabled") === "true") return;
    const [verb, arg] = from.dataset.do.split(/:(.*)/s);
    if (from.matches("a")) event.preventDefault();
    actions[verb]?.(arg, from);
  });

  // data-narrow="list" on a search box: only the links that hold what was typed (or have it in data-also) stay; Enter opens the
  // first, arrows walk
  document.addEventListener("input", event => {
    const list = event.target.dataset.narrow && document.getElementById(event.target.dataset.narrow);
    if (!list) return;
    const words = event.target.value.trim().toLowerCase().split(/\s+/);
    all("li", list).forEach(item => { item.hidden = !words.every(word => `${item.textContent} ${item.dataset.also || ""}`.toLowerCase().includes(word)); });
    all("section", list).forEach(part => { part.hidden = !find("li:not([hidden])", part); });
    find("[data-none]", list).hidden = !!find("li:not([hidden])", list);
  });
  document.addEventListener("keydown", event => {
    const box = event.target.closest?.("dialog")?.querySelector("[data-narrow]");
    if (!box || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
    const links = all("li:not([hidden]) a", document.getElementById(box.dataset.narrow)), at = links.indexOf(document.activeElement);
    if (event.key === "Enter") { if (at < 0) { event.preventDefault(); links[0]?.click(); } return; }
    event.preventDefault();
    (links[at + (event.key === "ArrowDown" ? 1 : -1)] || box).focus();
  });

  // data-poll="url" on a .progress: ask until the work has ended, then offer its result; a failed question is asked again
  async function poll(box) {
    const part = name => find(`[data-part=${name}]`, box);
    try {
      const answer = await fetch(box.dataset.poll, { headers: { Accept: "application/json" } });
      if (answer.status === 404 || answer.redirected) return;
      const job = await answer.json(), bar = find("progress", box), badge = part("state");
      bar.max = job.total || 1; bar.value = job.done;
      badge.className = `badge ${job.tone}`; badge.textContent = job.label;
      part("count").textContent = `${job.done.toLocaleString("zh-CN")} / ${job.total.toLocaleString("zh-CN")}`;
      part("message").textContent = job.message;
      if (job.ended) {
        part("hint").textContent = "";
        if (job.result) { part("result").href = job.result; part("result").hidden = false; }
        return;
      }
    } catch { /* asked again below */ }
    setTimeout(poll, 2000, box);
  }

  // select all of the page and keep the count true
  function count() {
    const boxes = all("tbody .tick input:not(:disabled)"), on = boxes.filter(box => box.checked).length, head = find("thead .tick input");
    if (head) { head.checked = on > 0 && on === boxes.length; head.indeterminate = on > 0 && on < boxes.length; }
    all("[data-count]").forEach(place => { place.textContent = on; });
  }
  document.addEventListener("change", event => {
    if (event.target.matches("thead .tick input")) all("tbody .tick input:not(:disabled)").forEach(box => { box.checked = event.target.checked; });
    if (event.target.matches(".tick input")) count();
    if (event.target.matches("[data-keys]")) keep.set("keys", event.target.checked ? "on" : "off");
  });

  // j k move, x ticks, Enter opens; any [data-key] is pressed by its key; Ctrl-K finds; ? helps
  let at = -1;
  function move(step) {
    const rows = all(".grid tbody tr");
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, at + step));
    rows.forEach((row, n) => n === at ? row.setAttribute("aria-current", "true") : row.removeAttribute("aria-current"));
    (find(".pin a", rows[at]) || rows[at]).focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); actions.open("finder"); return; }
    if (event.key === "Escape" && find(".drawer:not([hidden])") && !find("dialog[open]")) { find(".drawer").hidden = true; return; }
    if (event.ctrlKey || event.metaKey || event.altKey || keep.get("keys") === "off" || find("dialog[open]")) return;
    if (event.target.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])")) return;
    const target = find(`[data-key="${CSS.escape(event.key.toLowerCase())}"]:not(:disabled)`);
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "x") find(".tick input", all(".grid tbody tr")[at])?.click();
    else if (event.key === "?") actions.open("keys");
    else if (target) { event.preventDefault(); target.matches("input.box") ? target.focus() : target.click(); }
  });

  document.addEventListener("DOMContentLoaded", () => {
    // cards below 640 px change display: say again what the table is
    for (const [selector, role] of [[".grid", "table"], [".grid :is(thead, tbody, tfoot)", "rowgroup"], [".grid tr", "row"], [".grid thead th", "columnheader"], [".grid tbody th", "rowheader"], [".grid td", "cell"]])
      all(selector).forEach(part => part.setAttribute("role", role));
    if (matchMedia("(max-width: 1100px)").matches) all(".drawer").forEach(box => { box.hidden = true; });
    all("[data-keys]").forEach(box => { box.checked = keep.get("keys") !== "off"; });
    at = all(".grid tbody tr").findIndex(row => row.hasAttribute("aria-current"));
    count();
    all("[data-poll]").forEach(poll);
    const asked = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (asked && asked.matches("dialog")) asked.showModal();
  });
})();
