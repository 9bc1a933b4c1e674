// wording.js - the words of a notice are shown with sample values while they are typed: the page is asked what its button 预览 would show.
(() => {
  const form = document.querySelector("main form[method=post]"), sample = form?.querySelector("[data-sample]");
  if (!sample) return;
  let wait = 0, asked = 0;

  async function show() {
    const turn = ++asked, values = new FormData(form);
    values.set("act", "preview");
    const answer = await fetch(location.href, { method: "POST", body: new URLSearchParams(values) }).catch(() => null);
    const found = new DOMParser().parseFromString(answer?.ok ? await answer.text() : "", "text/html").querySelector("[data-sample]");
    if (found && turn === asked) sample.replaceChildren(...found.childNodes);
  }

  form.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(show, 400); });
})();
