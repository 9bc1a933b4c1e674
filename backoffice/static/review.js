// review.js - the review desk: papers as tabs, points looked at, and decisions that can be taken back (held.js). Without this script a decision
// is sent at once.
(() => {
  const find = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const form = find("[data-review]"), { url } = find(".toasts").dataset;
  if (!form) return;

  async function decide(event) {
    const button = event.submitter, words = find("#words"), missing = all("[name=check]:not(:checked)");
    event.preventDefault();
    if (button.value === "approve" && missing.length) { say(`还有 ${missing.length} 项没有核对`); missing[0].focus(); return; }
    if ("needsWords" in button.dataset && !words.value.trim()) { say(`${button.dataset.said}要写明意见`); words.focus(); return; }
    const fields = [...new FormData(form, button)].map(([name, value]) => [name, String(value)]);
    await decisions.hold(fields, form.dataset.review, button.dataset.said, `${url}?id=${fields.find(([name]) => name === "id")[1]}`);
    onward();
  }

  const onward = () => decisions.onward(form.dataset.after);

  function say(text) { find("[data-part=left]").textContent = text; }

  function count() {
    const left = all("[name=check]:not(:checked)").length;
    say(left ? `还有 ${left} 项没有核对，暂不能通过。` : "");
  }

  function show(step) {
    const tabs = all("[role=tab]"), at = tabs.findIndex(tab => tab.getAttribute("aria-selected") === "true"), next = tabs[(at + step + tabs.length) % tabs.length];
    if (next) choose(next);
  }
  function choose(chosen) {
    for (const tab of all("[role=tab]")) {
      const on = tab === chosen;
      tab.setAttribute("aria-selected", on); tab.tabIndex = on ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !on;
    }
    chosen.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  count();
  form.addEventListener("submit", decide);
  form.addEventListener("change", count);
  find("[data-onward]").addEventListener("click", event => { event.preventDefault(); onward(); });
  find("[role=tablist]").addEventListener("click", event => { const tab = event.target.closest("[role=tab]"); if (tab) choose(tab); });
  find("[role=tablist]").addEventListener("keydown", event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) { show(step); find("[role=tab][aria-selected=true]").focus(); }
  });
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("keys") === "off" || find("dialog[open]")) return;
    if (event.target.matches("textarea") && event.key === "Escape") { event.target.blur(); return; }
    if (event.target.matches("textarea, select, input:not([type=checkbox])")) return;
    if (event.key === "[" || event.key === "]") show(event.key === "]" ? 1 : -1);
    if (event.key === "o") { event.preventDefault(); find("#words").focus(); }
  });
})();
