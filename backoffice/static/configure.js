// configure.js - the editor of a screen: the text is checked while it is typed, and the page says what it would change.
(() => {
  const form = document.querySelector("[data-check]"), text = form?.querySelector("#text");
  if (!text) return;
  const found = form.querySelector("[data-found]"), changes = form.querySelector("[data-changes]");
  const made = (name, words = "", kind = "") => Object.assign(document.createElement(name), { textContent: words, className: kind });
  let wait = 0, asked = 0;

  function tell({ problems, changes: list, hints }) {
    found.replaceChildren(made("p", problems.length ? `有 ${problems.length} 处要改：` : "没有问题。", problems.length ? "bad" : "ok"));
    if (problems.length) { const items = made("ul", "", "reasons"); items.append(...problems.map(words => made("li", words))); found.append(items); return; }
    if (!list.length) { changes.replaceChildren(made("p", "没有差别。", "quiet")); return; }
    const table = made("table", "", "list"), body = table.createTBody();
    for (const { key, before, after } of list) {
      const row = body.insertRow();
      row.append(made("th", key));
      for (const [name, words] of [["del", before], ["ins", after]]) row.insertCell().append(made(name, words || "（没有写）"));
    }
    changes.replaceChildren(table, ...hints.map(words => made("p", words, "wait")));
  }

  async function check() {
    const turn = ++asked;
    const answer = await fetch(form.dataset.check, { method: "POST", headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
                                                     body: new URLSearchParams({ text: text.value }) }).catch(() => null);
    if (turn !== asked) return;
    tell(answer?.ok ? await answer.json() : { problems: [answer?.status === 413 ? "内容太大，要求不超过 256 KB" : "没有连通，还没有检查；再改一次或按“检查”"], changes: [] });
  }

  text.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(check, 400); });
})();
