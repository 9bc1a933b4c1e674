// confirming.js - the confirmation desk: what was captured is saved at once, and the confirmation itself can be taken back (held.js) while the
// next person is looked for. Without this script both are done at once.
(() => {
  const form = document.querySelector("[data-confirming]"), { url } = document.querySelector(".toasts").dataset;
  const refused = document.getElementById("refused");

  // the sentences that stand against it; what was chosen and typed stays as it is
  function say(sentences) {
    refused.querySelector("ul").replaceChildren(...sentences.map(text => Object.assign(document.createElement("li"), { textContent: text })));
    refused.hidden = false; refused.focus();
  }

  async function confirm(event) {
    const button = event.submitter;
    if (button?.name !== "confirm") { decisions.stay(); return; }
    event.preventDefault();
    const sent = new FormData(form);
    sent.append("held", "1");
    button.disabled = true;
    let said;
    try {
      const answer = await fetch(url, { method: "POST", headers: { Accept: "application/json" }, body: sent });
      said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : { against: ["登录已结束或页面已过期，请重新登录后再办理"] };
    } catch { said = { against: ["网络没有连通，没有保存，请再试一次"] }; }
    button.disabled = false;
    if ("edition" in said) form.elements.edition.value = said.edition;
    if (said.against) { say(said.against); return; }
    const fields = [["csrf_token", form.elements.csrf_token.value], ["id", form.elements.id.value], ["edition", String(said.edition)], ["confirm", "saved"]];
    await decisions.hold(fields, form.dataset.confirming, "现场确认", `${url}?id=${form.elements.id.value}`);
    decisions.onward(url);
  }

  form?.addEventListener("submit", confirm);
  document.querySelector("form[role=search]").addEventListener("submit", event => {
    event.preventDefault();
    decisions.onward(`${url}?${new URLSearchParams(new FormData(event.target))}`);
  });
  document.addEventListener("click", event => {
    const link = event.target.closest("[data-onward]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); decisions.onward(link.href); }
  });
})();
