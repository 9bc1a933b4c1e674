// held.js - decisions of a desk that can be taken back for ten seconds. One waits in this tab while the next person is looked at; it is sent
// when its time is over, before the next one is made, or when the desk is left. The desk is the page whose .toasts say where to send.
const decisions = (() => {
  const SECONDS = 10, toasts = document.querySelector(".toasts"), { url } = toasts.dataset, PLACE = `held ${url}`;
  const find = (selector, from = document) => from.querySelector(selector);
  let staying = false;      // the next page is again the desk, which sends what waits

  const held = {
    get: () => { try { return JSON.parse(sessionStorage.getItem(PLACE)); } catch { return null; } },
    set: value => sessionStorage.setItem(PLACE, JSON.stringify(value)),
    take() { const value = held.get(); sessionStorage.removeItem(PLACE); return value; },
  };
  const body = decision => new URLSearchParams(decision.fields);
  const stay = address => { staying = true; if (address) location.assign(address); };

  function toast(text, button, press) {
    const box = document.createElement("div");
    box.className = "toast"; box.setAttribute("role", "status"); box.append(text);
    if (button) {
      const act = document.createElement("button");
      act.type = "button"; act.textContent = button; act.addEventListener("click", press);
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
      said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : { against: ["登录已结束或页面已过期，请重新登录后再办理"] };
    } catch { said = { against: ["网络没有连通，这个人还在等待"] }; }
    if (said.done) toast(`${decision.person}：${said.done}`);
    else toast(`${decision.person}：“${decision.said}”没有完成。${said.against.join("；")}`, "去看", () => stay(decision.page));
    return Boolean(said.done);
  }

  function undo() {
    const decision = held.take();
    if (decision) stay(decision.page);
    return Boolean(decision);
  }

  function wait() {
    const decision = held.get();
    if (!decision) return;
    const box = toast(`${decision.person}：${decision.said}`, "撤销", undo), act = find("button", box);
    act.dataset.key = "z";
    const tick = () => {
      if (held.get()?.until !== decision.until) return;
      const left = Math.ceil((decision.until - Date.now()) / 1000);
      if (left <= 0) { send(held.take()); return; }
      act.textContent = `撤销 z（${left} 秒）`;
      setTimeout(tick, 250);
    };
    tick();
  }

  // one decision waits at most: the one before it is sent first
  async function hold(fields, person, said, page) {
    const before = held.take();
    staying = true;
    if (before) await send(before);
    held.set({ fields, person, said, page, until: Date.now() + SECONDS * 1000 });
  }

  // to another page of the desk, which leaves out whoever waits to be sent
  function onward(address) {
    const next = new URL(address, location.href), decision = held.get();
    if (decision) next.searchParams.set("held", decision.fields.find(([name]) => name === "id")[1]);
    stay(next);
  }

  wait();
  addEventListener("pagehide", () => {
    if (staying) return;
    const decision = held.take();
    if (decision) navigator.sendBeacon(url, body(decision));
  });
  // in a box in which nothing stands yet, where z would be typed
  document.addEventListener("keydown", event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.target.value && undo()) event.preventDefault();
  });
  return { hold, onward, stay };
})();
