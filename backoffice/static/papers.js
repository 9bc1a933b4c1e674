// papers.js - the papers of a case inside its page: a link with data-paper (image or pdf) opens in the dialog, whose arrows go to its neighbours
(() => {
  const box = document.getElementById("paper"), links = [...document.querySelectorAll("a[data-paper]")];
  const part = name => box.querySelector(`[data-part=${name}]`);
  let at = 0;
  function show(to) {
    at = (to + links.length) % links.length;
    const link = links[at], frame = link.dataset.paper === "pdf", paper = document.createElement(frame ? "iframe" : "img"), name = link.textContent;
    if (frame) paper.title = name; else paper.alt = name;
    paper.src = link.href;
    box.querySelector("h2").textContent = name;
    part("place").textContent = `${at + 1} / ${links.length}`;
    part("alone").href = link.href;
    part("paper").replaceChildren(paper);
    box.querySelectorAll("[data-turn]").forEach(button => { button.hidden = links.length < 2; });
    if (!box.open) box.showModal();
  }
  document.addEventListener("click", event => {
    const link = event.target.closest?.("a[data-paper]"), turn = event.target.closest?.("[data-turn]");
    if (turn) show(at + Number(turn.dataset.turn));
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(links.indexOf(link));
  });
  box.addEventListener("keydown", event => {
    if (links.length > 1 && ["ArrowLeft", "ArrowRight"].includes(event.key)) show(at + (event.key === "ArrowRight" ? 1 : -1));
  });
  box.addEventListener("close", () => { part("paper").replaceChildren(); links[at].focus(); });
})();
