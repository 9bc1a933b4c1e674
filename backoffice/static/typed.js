// typed.js - a form marked data-typed is saved while it is filled: a moment after a box was changed what is right is sent, and the page says what
// was saved and what was not. Leaving the page by its button saves everything again, with every refusal at its place.
(() => {
  const form = document.querySelector("form[data-typed]"), said = document.querySelector("[data-part=typed]");
  if (!form || !said) return;
  let due, under = null;

  async function save() {
    clearTimeout(due);
    const values = new FormData(form);
    values.delete("back");
    try {
      const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(values) });
      if (!answer.headers.get("Content-Type")?.startsWith("application/json")) { say("登录已结束，填的内容还没有保存。请在另一个窗口登录后，再点“保存并继续”。", "bad"); return; }
      const told = await answer.json();
      if ("edition" in told) form.elements.edition.value = told.edition;
      const wrong = Object.values(told.wrong);
      say(wrong.length ? `已保存 ${told.at}，还有没保存的：${wrong.join("；")}` : `已保存 ${told.at}`, wrong.length ? "wait" : "quiet");
    } catch { say("网络没有连通，填的内容还没有保存，恢复后会再试。", "wait"); due = setTimeout(start, 5000); }
  }
  const start = () => { const mine = under = (under || Promise.resolve()).then(save).finally(() => { if (under === mine) under = null; }); };
  const say = (words, tone) => { said.textContent = words; said.className = `small ${tone}`; };

  form.addEventListener("change", () => { clearTimeout(due); due = setTimeout(start, 600); });
  form.addEventListener("submit", event => {
    clearTimeout(due);
    if (!under) return;
    event.preventDefault();          // what is under way comes home first, so that the page knows which edition it has; within this event no form can be sent again
    const { submitter } = event;
    under.finally(() => setTimeout(() => form.requestSubmit(submitter)));
  });
})();
