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
    back() { history.back(); },
    move(step, from) { const line = from.closest("li"); shift(line, step < 0 ? line.previousElementSibling : line.nextElementSibling?.nextElementSibling || null, from); },
  };

  // data-order: lines that are dragged, or moved by their buttons; the first stays where it is
  function shift(line, before, from) {
    const list = line.parentElement;
    if (before !== null && (!before || before === list.firstElementChild)) return;
    list.insertBefore(line, before);
    from?.focus();
    const place = find("[data-part=place]", list.parentElement);
    if (place) place.textContent = `${find("label", line).textContent.trim()}：第 ${[...list.children].indexOf(line) + 1} 列`;
  }
  let dragged;
  document.addEventListener("dragstart", event => { dragged = event.target.closest?.("[data-order] > li"); if (dragged) event.dataTransfer.effectAllowed = "move"; });
  document.addEventListener("dragend", () => { dragged = null; });
  document.addEventListener("dragover", event => {
    const over = dragged && event.target.closest("[data-order] > li");
    if (!over) return;
    event.preventDefault();
    const { top, height } = over.getBoundingClientRect();
    if (over !== dragged) shift(dragged, event.clientY < top + height / 2 ? over : over.nextElementSibling);
  });

  // data-do="open:search" on a button or link
  document.addEventListener("click", event => {
    const from = event.target.closest("[data-do]");
    if (!from || from.getAttribute("aria-disabled") === "true") return;
    const [verb, arg] = from.dataset.do.split(/:(.*)/s);
    if (from.matches("a")) event.preventDefault();
    actions[verb]?.(arg, from);
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

  // a single key: whoever wants it hears "key" and prevents the default once it is taken; else the [data-key] of its name is pressed.
  // Never while somebody types, an input method composes, a dialog is open, or the keys are switched off
  document.addEventListener("keydown", event => {
    if (event.key === "Escape" && find(".drawer:not([hidden])") && !find("dialog[open]")) { find(".drawer").hidden = true; return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keep.get("keys") === "off" || find("dialog[open]")) return;
    if (event.target.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=file])")) return;
    if ([" ", "Enter"].includes(event.key) && event.target.matches("button, summary, input, [role=button]")) return;
    if (!document.dispatchEvent(new CustomEvent("key", { detail: event.key, cancelable: true }))) { event.preventDefault(); return; }
    const target = find(`[data-key="${CSS.escape(event.key.toLowerCase())}"]:not(:disabled)`);
    if (target) { event.preventDefault(); target.matches("input.box") ? target.focus() : target.click(); }
  });

  document.addEventListener("DOMContentLoaded", () => {
    // cards below 640 px change display: say again what the table is
    for (const [selector, role] of [[".grid", "table"], [".grid :is(thead, tbody, tfoot)", "rowgroup"], [".grid tr", "row"], [".grid thead th", "columnheader"], [".grid tbody th", "rowheader"], [".grid td", "cell"]])
      all(selector).forEach(part => part.setAttribute("role", role));
    if (matchMedia("(max-width: 1100px)").matches) all(".drawer").forEach(box => { box.hidden = true; });
    all("[data-keys]").forEach(box => { box.checked = keep.get("keys") !== "off"; });
    count();
    all("[data-poll]").forEach(poll);
    const asked = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (asked && asked.matches("dialog")) asked.showModal();
  });
})();

// grid: rows found by typing, lines added to a form, masked numbers shown on request
(() => {
  const token = () => document.querySelector("meta[name=csrf-token]")?.content || "";
  const post = (url, values) => fetch(url, {
    method: "POST", headers: { "X-CSRFToken": token(), Accept: "application/json" }, body: new URLSearchParams(values),
  });

  // .look: a hidden id, a box to type in, a list to choose from
  const parts = look => ({ id: look.querySelector("input[type=hidden]"), box: look.querySelector("[role=combobox]"), list: look.querySelector("[role=listbox]") });
  function close(look) {
    const { box, list } = parts(look);
    list.hidden = true; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant");
  }
  function choose(look, option) {
    const { id, box } = parts(look);
    id.value = option.dataset.id; box.value = option.textContent;
    close(look); box.focus();
  }
  function light(look, step) {
    const { box, list } = parts(look), options = [...list.querySelectorAll("[role=option]")];
    const now = options.findIndex(option => option.getAttribute("aria-selected") === "true"), next = options[(now + step + options.length) % options.length];
    options.forEach(option => option.setAttribute("aria-selected", option === next));
    if (next) { box.setAttribute("aria-activedescendant", next.id); next.scrollIntoView({ block: "nearest" }); }
  }
  async function ask(look) {
    const { box, list } = parts(look), url = new URL(look.dataset.look, location.href), asked = box.value;
    url.searchParams.set("q", asked);
    let rows;
    try { rows = (await (await fetch(url, { headers: { Accept: "application/json" } })).json()).rows; } catch { return; }
    if (asked !== box.value || document.activeElement !== box) return;          // what comes late opens no list behind somebody who has gone on
    list.replaceChildren(...rows.map((row, n) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${n}`; option.role = "option"; option.dataset.id = row.id; option.textContent = row.text;
      return option;
    }));
    if (!rows.length) { const none = document.createElement("li"); none.className = "quiet"; none.textContent = "没有找到"; list.append(none); }
    list.hidden = false; box.setAttribute("aria-expanded", "true");
  }
  let waiting;
  const look = event => event.target.matches?.(".look [role=combobox]") && event.target.closest(".look");
  document.addEventListener("input", event => {
    const here = look(event);
    if (!here) return;
    parts(here).id.value = "";
    clearTimeout(waiting); waiting = setTimeout(ask, 150, here);
  });
  document.addEventListener("focusin", event => { const here = look(event); if (here && !parts(here).id.value) ask(here); });
  document.addEventListener("focusout", event => { const here = event.target.closest?.(".look"); if (here && !here.contains(event.relatedTarget)) close(here); });
  document.addEventListener("keydown", event => {
    const here = look(event);
    if (!here) return;
    const { list } = parts(here);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask(here); else light(here, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !list.hidden) {
      const lit = list.querySelector("[aria-selected=true]") || (list.children.length === 1 && list.querySelector("[role=option]"));
      event.preventDefault();
      if (lit) choose(here, lit);
    } else if (event.key === "Escape" && !list.hidden) { event.preventDefault(); event.stopPropagation(); close(here); }
  });
  document.addEventListener("mousedown", event => {
    const option = event.target.closest?.(".look [role=option]");
    if (option) { event.preventDefault(); choose(option.closest(".look"), option); }
  });

  document.addEventListener("click", async event => {
    const add = event.target.closest?.("[data-lines]"), drop = event.target.closest?.("[data-drop]"), show = event.target.closest?.("[data-reveal]");
    if (add) {
      const body = document.getElementById(add.dataset.lines), row = body.parentElement.parentElement.parentElement.querySelector("template").content.cloneNode(true);
      const number = Math.max(-1, ...[...body.querySelectorAll("[name^='line-']")].map(box => Number(box.name.split("-")[1]))) + 1;
      for (const part of row.querySelectorAll("*")) {
        for (const name of ["id", "name", "aria-controls", "aria-describedby"]) {
          if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace("line-n-", `line-${number}-`));
        }
      }
      body.append(row);
      body.lastElementChild.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    } else if (drop) {
      drop.closest("tr").remove();
    } else if (show) {
      reveal(show);
    }
  });

  // a number with its middle hidden: shown whole on request, once a reason is given where the server asks for one
  async function reveal(show, reason = "") {
    const answer = await post(show.dataset.reveal, { id: show.dataset.id, field: show.dataset.field, reason }), told = await answer.json().catch(() => ({}));
    if (told.asks) return askFor(told, given => reveal(show, given));
    if (!answer.ok) return;
    show.parentElement.querySelector("[data-part=masked]").textContent = told.value;
    show.remove();
  }
  function askFor({ title, asks, error }, then) {
    const dialog = document.createElement("dialog"), make = (name, text, values = {}) => Object.assign(document.createElement(name), { textContent: text, ...values });
    const form = make("form", "", { method: "dialog" }), parts = ["header", "div", "footer"].map(name => form.appendChild(document.createElement(name)));
    const box = make("input", "", { className: "box", id: "asked-for", required: true, maxLength: 200 });
    parts[1].className = "pad field";
    parts[0].append(make("h2", title));
    parts[1].append(make("label", asks, { htmlFor: box.id }), make("p", error, { className: "help", id: "asked-for-h" }), box);
    parts[2].append(make("button", "取消", { type: "button", className: "btn bare", onclick: () => dialog.close() }), make("button", "显示", { className: "btn main-act" }));
    box.setAttribute("aria-describedby", "asked-for-h"); dialog.setAttribute("aria-label", title);
    form.addEventListener("submit", () => then(box.value));
    dialog.addEventListener("close", () => dialog.remove());
    dialog.append(form); document.body.append(dialog); dialog.showModal();
  }
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("reveal")?.content.firstElementChild;
    if (button) for (const cell of document.querySelectorAll("td[data-hidden]:not(.none)")) {
      const show = button.cloneNode(true), text = document.createElement("span");
      text.dataset.part = "masked"; text.textContent = cell.textContent;
      show.dataset.field = cell.dataset.hidden;
      show.dataset.id = new URL(cell.parentElement.querySelector("th a").href).searchParams.get("id");
      cell.replaceChildren(text, show);
    }
  });

  // what was refused is read first
  document.addEventListener("DOMContentLoaded", () => document.getElementById("errors")?.focus());
})();

// data-dialog on a link: the form marked data-dialog-part of the page behind it is shown in a dialog instead
document.addEventListener("click", async event => {
  const link = event.target.closest?.("a[data-dialog]"), away = event.target.closest?.("dialog [data-dialog-close]");
  if (away) { event.preventDefault(); away.closest("dialog").close(); return; }
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await fetch(link.href).catch(() => null), text = answer?.ok ? await answer.text() : "";
  const form = new DOMParser().parseFromString(text, "text/html").querySelector("[data-dialog-part]");
  if (!form) { location.assign(link.href); return; }
  const dialog = document.createElement("dialog");
  dialog.className = "wide"; dialog.setAttribute("aria-labelledby", form.getAttribute("aria-labelledby"));
  dialog.append(form); document.body.append(dialog);
  dialog.dispatchEvent(new CustomEvent("filled", { bubbles: true }));
  dialog.addEventListener("close", () => dialog.remove());
  form.addEventListener("submit", () => setTimeout(() => dialog.close()));
  dialog.showModal();
});

// site: what the application form says while it is filled; the server says it all again
(() => {
  const find = selector => document.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  function hint(box) {      // data-latest on the date of the degree: the rule, what is there, the difference
    const place = find(`[data-hint-of="${box.id}"]`), ground = document.getElementById("degree_ground");
    place.hidden = !box.value || ground.value !== "bachelor";
    const late = Math.round((new Date(box.value) - new Date(box.dataset.latest)) / 864e5);
    place.className = `note ${late > 0 ? "bad" : "ok"}`;
    place.firstElementChild.textContent = late > 0
      ? `取得学士学位应已满 ${box.dataset.years} 年：要求不晚于 ${box.dataset.latest}，实际 ${box.value}，差 ${late} 天`
      : `已满 ${box.dataset.years} 年，可以申请。要求不晚于 ${box.dataset.latest}。`;
  }
  async function facts(box, place) {      // data-facts-of: what an identity photo must be, before it is sent
    const file = box.files[0], { width, height, kb } = box.dataset;
    place.hidden = !file;
    if (!file) return;
    const picture = await createImageBitmap(file).catch(() => null);
    const rules = [["JPEG 格式", file.type === "image/jpeg", file.type || "不是图片"],
      [`${width} × ${height} 像素`, picture && picture.width === Number(width) && picture.height === Number(height), picture ? `${picture.width} × ${picture.height}` : "打不开"],
      [`不超过 ${kb} KB`, file.size <= kb * 1024, `${Math.round(file.size / 1024)} KB`]];
    place.replaceChildren(...rules.map(([rule, met, actual]) => {
      const item = document.createElement("li");
      item.className = met ? "ok" : "bad";
      item.textContent = `${met ? "符合" : "不符合"}：要求 ${rule}，实际 ${actual}`;
      return item;
    }));
  }
  function follow(list) {      // data-follows: only the group named like what is chosen there can be chosen here
    const leader = document.getElementById(list.dataset.follows), named = leader.selectedOptions[0]?.textContent;
    all("optgroup", list).forEach(group => { group.hidden = group.disabled = group.label !== named; });
    if (list.selectedOptions[0]?.parentElement.disabled) list.value = "";
  }
  function only(box) {      // data-only="id": asked only while that box is ticked
    const leader = document.getElementById(box.dataset.only), show = () => { box.closest(".field").hidden = !leader.checked; };
    leader.addEventListener("change", show); show();
  }
  document.addEventListener("filled", event => all("[data-only]", event.target).forEach(only));
  document.addEventListener("DOMContentLoaded", () => {
    all("[data-only]").forEach(only);
    all("[data-latest]").forEach(box => {
      for (const from of [box, document.getElementById("degree_ground")]) from.addEventListener("change", () => hint(box));
      hint(box);
    });
    all("[data-facts-of]").forEach(place => {
      const box = document.getElementById(place.dataset.factsOf);
      box.addEventListener("change", () => facts(box, place));
    });
    all("[data-follows]").forEach(list => {
      document.getElementById(list.dataset.follows).addEventListener("change", () => follow(list)); follow(list);
    });
  });
})();
