// review.js - the review desk: papers as tabs, and decisions that can be taken back for ten seconds. A decision waits in this tab while the
// next person is looked at; it is sent when its time is over, before the next one is made, or when the desk is left. Without this
// script a decision is sent at once.
(() => {
  const SECONDS = 10, PLACE = "review-held";
  const find = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const form = find("[data-review]"), toasts = find(".toasts"), url = toasts.dataset.url;
  let staying = false;      // the next page is again the desk, which sends what waits

  const held = {
    get: () => { try { return JSON.parse(sessionStorage.getItem(PLACE)); } catch { return null; } },
    set: value => sessionStorage.setItem(PLACE, JSON.stringify(value)),
    take() { const value = held.get(); sessionStorage.removeItem(PLACE); return value; },
  };
  const body = decision => new URLSearchParams(decision.fields);

  function toast(text, button, press) {
    const box = document.createElement("div");
    box.className = "toast"; box.setAttribute("role", "status"); box.append(text);
    if (button) {
      const act = document.createElement("button");
      act.type = "button"; act.textContent = button; act.addEventListener("click", () => press(box));
      box.append(act);
    }
    toasts.replaceChildren(box);
    return box;
  }

  // what the server says of a decision that was sent: done, or why not
  async function send(decision) {
    let said;
    try {
      const answer = await fetch(url, { method: "POST", headers: { Accept: "application/json" }, body: body(decision), keepalive: true });
      said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : { against: ["登录已结束或页面已过期，请重新登录后再审核"] };
    } catch { said = { against: ["网络没有连通，这个人仍在待审核中"] }; }
    if (said.done) toast(`${decision.person}：${said.done}`);
    else toast(`${decision.person}：“${decision.said}”没有完成。${said.against.join("；")}`, "去看", () => { staying = true; location.assign(decision.page); });
    return Boolean(said.done);
  }

  function wait() {
    const decision = held.get();
    if (!decision) return;
    let box;
    const undo = () => { held.take(); staying = true; location.assign(decision.page); };
    const tick = () => {
      if (held.get()?.until !== decision.until) return;
      const left = Math.ceil((decision.until - Date.now()) / 1000);
      if (left <= 0) { send(held.take()); return; }
      if (!box) { box = toast(`${decision.person}：${decision.said}`, "", undo); }
      if (!find("button", box)) {
        const act = document.createElement("button");
        act.type = "button"; act.dataset.key = "z"; act.addEventListener("click", undo); box.append(act);
      }
      find("button", box).textContent = `撤销 z（${left} 秒）`;
      setTimeout(tick, 250);
    };
    tick();
  }

  // one decision waits at most: the one before it is sent first
  async function decide(event) {
    const button = event.submitter, words = find("#words"), missing = all("[name=check]:not(:checked)");
    event.preventDefault();
    if (button.value === "approve" && missing.length) { say(`还有 ${missing.length} 项没有核对`); missing[0].focus(); return; }
    if ("needsWords" in button.dataset && !words.value.trim()) { say(`${button.dataset.said}要写明意见`); words.focus(); return; }
    const fields = [...new FormData(form, button)].map(([name, value]) => [name, String(value)]);
    const before = held.take();
    staying = true;
    if (before) await send(before);
    held.set({ fields, person: form.dataset.review, said: button.dataset.said, until: Date.now() + SECONDS * 1000, page: `${url}?id=${fields.find(([name]) => name === "id")[1]}` });
    onward();
  }

  function onward() {
    const next = new URL(form.dataset.after, location.href), decision = held.get();
    if (decision) next.searchParams.set("held", decision.fields.find(([name]) => name === "id")[1]);
    staying = true;
    location.assign(next);
  }

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

  wait();
  addEventListener("pagehide", () => {
    if (staying) return;
    const decision = held.take();
    if (decision) navigator.sendBeacon(url, body(decision));
  });
  if (!form) return;
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
