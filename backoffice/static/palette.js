// palette.js - Ctrl-K: screens and actions of the role narrowed while one types, people asked for; and the moves that begin with g
(() => {
  const dialog = document.getElementById("finder");
  if (!dialog) return;
  const box = dialog.querySelector("input"), list = dialog.querySelector(".results"), people = dialog.querySelector("[data-people]"), none = dialog.querySelector("[data-none]");
  const all = (selector, from = list) => [...from.querySelectorAll(selector)];
  let waiting, filled;

  // the list is fetched once, when the palette is first opened by whatever means
  async function fill() {
    if (filled) return;
    filled = true;
    const answer = await fetch(dialog.dataset.places).catch(() => null);
    if (!answer?.ok) { filled = false; return; }
    none.before(...new DOMParser().parseFromString(await answer.text(), "text/html").body.children);
    narrow();
  }
  new MutationObserver(() => { if (dialog.open) fill(); }).observe(dialog, { attributes: true, attributeFilter: ["open"] });

  // only the links that hold every word of what was typed (or have it in data-also) stay; people are those that the server found
  function narrow() {
    const words = box.value.trim().toLowerCase().split(/\s+/);
    all("section:not([data-people])").forEach(part => {
      all("li", part).forEach(item => { item.hidden = !words.every(word => `${item.textContent} ${item.dataset.also || ""}`.toLowerCase().includes(word)); });
      part.hidden = !part.querySelector("li:not([hidden])");
    });
    none.hidden = !!list.querySelector("section:not([hidden]) li:not([hidden])");
  }
  async function ask() {
    const typed = box.value.trim();
    let found = [];
    if (typed) try { found = (await (await fetch(`${dialog.dataset.find}?${new URLSearchParams({ q: typed })}`, { headers: { Accept: "application/json" } })).json()).rows; } catch { return; }
    if (typed !== box.value.trim()) return;
    people.querySelector("ul").replaceChildren(...found.map(row => {
      const item = document.createElement("li"), link = document.createElement("a"), name = document.createElement("b"), badge = document.createElement("span"), where = document.createElement("small");
      link.href = row.url; name.textContent = row.title; where.textContent = row.screen;
      badge.className = `badge ${row.tone || "plain"}`; badge.textContent = row.state;
      link.append(name, ...(row.state ? [badge] : []), where); item.append(link);
      return item;
    }));
    people.hidden = !found.length;
    narrow();
  }
  box.addEventListener("input", () => { narrow(); clearTimeout(waiting); waiting = setTimeout(ask, 150); });

  // arrows walk through what is there, Enter in the box opens the first
  dialog.addEventListener("keydown", event => {
    if (!["ArrowDown", "ArrowUp", "Enter"].includes(event.key) || event.isComposing) return;
    const links = all("section:not([hidden]) li:not([hidden]) :is(a, button)"), now = links.indexOf(document.activeElement);
    if (event.key === "Enter") { if (now < 0) { event.preventDefault(); links[0]?.click(); } return; }
    event.preventDefault();
    (links[now + (event.key === "ArrowDown" ? 1 : -1)] || box).focus();
  });
  list.addEventListener("click", event => { if (event.target.closest("button")) dialog.close(); });
  document.addEventListener("keydown", event => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (!dialog.open) { dialog.showModal(); box.select(); }
  });

  // ? for help; g and a second key within a second: to the place whose link says data-go, or whoever hears "go" takes it
  let g = 0;
  document.addEventListener("key", event => {
    if (event.detail === "?") document.getElementById("keys").showModal();
    else if (Date.now() - g < 1000) {
      g = 0;
      const place = document.querySelector(`[data-go="${CSS.escape(event.detail)}"]`);
      if (place) place.click();
      else if (document.dispatchEvent(new CustomEvent("go", { detail: event.detail, cancelable: true }))) return;
    } else if (event.detail === "g") g = Date.now();
    else return;
    event.preventDefault(); event.stopImmediatePropagation();
  });
})();
