// page.js - the screen at the door. A scanner types into it wherever the focus is; the server decides while it answers, and while it does not,
// the signed ticket and the list kept in this browser do, and what happened waits in the queue until the server has it.
import { draw, show } from "./face.js";
import { Away, ask, base, form } from "./server.js";
import { list, queue } from "./store.js";
import { check } from "./ticket.js";

const at = id => document.getElementById(id);
const EVERY = 10000, FRESH = 60;      // milliseconds between two counts; counts between two lists

let known = null, person = null, text = "", lost = "";      // the list; who is shown, by which scan, after which try without an answer
let turns = 0, latest = 0;                                  // counts so far; the question whose answer is shown: one that comes after the next scan is not
const now = () => Date.now() + (known?.drift || 0);
const say = (tone, words, reasons, parts) => show(tone, words, reasons, parts, person);

// where it stands with the network --------------------------------------------------------------------------------------------------------
async function network(error) {
  const left = (await queue.all()).filter(item => !item.rejected).length;
  const [tone, words] = error?.ended ? ["bad", "登录已经结束，重新登录后补传"] : error ? ["bad", left ? `离线，${left} 条待补传` : "离线"] : left ? ["wait", `${left} 条待补传`] : ["ok", "在线"];
  at("net").className = `badge ${tone}`;
  at("net").textContent = words;
}

// one person ------------------------------------------------------------------------------------------------------------------------------
const refuse = reasons => say("bad", reasons[0]?.text || "不能入场", reasons);

async function scan() {
  text = at("text").value.trim();
  at("text").value = "";
  person = null;
  lost = "";
  const mine = ++latest;
  try {
    if (!text) return say("off", "请扫描准考证");
    const answer = await ask("scan/", form({ text }));
    network();
    if (mine !== latest) return;
    if (answer.refused) return refuse(answer.reasons);
    person = answer.person;
    standing(answer);
  } catch (error) { if (mine === latest) alone(error); }
}

function standing({ state, left, label, reason }) {
  if (state === "verify") return say("busy", "请验指纹", [], ["capture"]);
  if (state === "none") return say("wait", "没有登记的指纹", [], ["ask"]);
  if (state === "failed") return say("bad", `指纹不符，还可以再试 ${left} 次`, [], ["capture"]);
  if (state === "waiting") { say("wait", "请考点负责人决定"); return count(); }
  if (state === "refused") return say("bad", "不准入场", reason ? [{ text: reason }] : []);
  say("ok", `${label}，请入场`);
  if (known) known.rows.filter(row => row.number === person.number).forEach(row => { row.state = state; });
  count();
}

async function attempt(path, values) {
  if (!person) return;
  const client = crypto.randomUUID(), mine = ++latest;
  say("busy", "正在核对……");
  try {
    const answer = await ask(path, form({ seat: person.seat, client, ...values }));
    network();
    if (mine !== latest) return;
    if (answer.refused) return say("bad", answer.reasons[0].text, answer.reasons, answer.reasons.some(one => /图像|指纹/.test(one.text)) ? ["capture"] : []);
    standing(answer);
  } catch (error) {
    if (mine !== latest) return;
    lost = client;
    alone(error);
  }
}

// without the server: the ticket and the list
async function alone(error) {
  if (!(error instanceof Away)) throw error;
  await network(error);
  if (!known) return say("bad", "离线，本机没有今天的名单");
  const taken = new Set((await queue.all()).map(item => item.number));
  const found = await check(text, known, at("room").value, taken, now());
  person = found.row || null;
  if (found.reasons.length) return refuse(found.reasons);
  say("wait", "离线：没有验指纹", [{ text: "请核对证件、准考证照片与本人，再按 Enter 记为未核验入场；由考点负责人决定" }], ["unverified"]);
}

async function letIn() {
  at("unverified").hidden = true;
  await queue.put({ client: crypto.randomUUID(), lost, text, number: person.number, name: person.name, site: known.site, at: now() });
  await network(new Away());
  say("wait", "已记为未核验入场，待考点负责人决定");
}

// the queue and the counts ----------------------------------------------------------------------------------------------------------------
async function replay() {
  const waiting = (await queue.all()).filter(item => !item.rejected && item.site === known?.site);
  if (!waiting.length) return;
  const { answers } = await ask("replay/", waiting.map(({ client, lost, text, at }) => ({ client, lost, text, at })));
  for (const answer of answers) {
    if (answer.state === "rejected") await queue.put({ ...waiting.find(item => item.client === answer.client), rejected: answer.label });
    else await queue.remove(answer.client);
  }
  const number = state => answers.filter(answer => answer.state === state).length;
  const parts = [`已补传 ${answers.length - number("rejected")} 条`];
  if (number("double")) parts.push(`其中重复入场 ${number("double")} 条`);
  if (number("rejected")) parts.push(`${number("rejected")} 条没有收下`);
  at("replayed").hidden = false;
  at("replayed").textContent = `${parts.join("，")}（${new Date(now()).toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai" })}）`;
  await unsent();
  await refresh();
}

async function unsent() {
  at("rejected").replaceChildren(...(await queue.all()).filter(item => item.rejected).map(item => {
    const line = document.createElement("li"), done = document.createElement("button");
    line.append(`${item.name}：${item.rejected} `, done);
    done.className = "btn";
    done.textContent = "已抄录，移除";
    done.onclick = async () => { await queue.remove(item.client); await unsent(); };
    return line;
  }));
}

async function refresh() {
  const answer = await ask("list/");
  known = { ...answer, drift: answer.now - Date.now() };      // the clock of this device may go wrong
  await list.put(known);
}

async function count() {
  try {
    const watched = person && at("verdict").classList.contains("wait") ? `?entry=${person.entry}` : "";
    const answer = await ask(`count/${watched}`);
    if (turns++ % FRESH === 0) await refresh();
    await replay();
    await network();
    draw(answer.rooms);
    if (watched && person && ["admitted", "refused"].includes(answer.state)) standing(answer);
  } catch (error) { if (!(error instanceof Away)) throw error; await network(error); }
}

// hands -----------------------------------------------------------------------------------------------------------------------------------
at("scan").onsubmit = event => { event.preventDefault(); scan(); };
at("capture").onclick = event => {
  const reader = event.target.closest("[data-reader]")?.dataset.reader;
  if (reader) attempt("verify/", { reader });
};
at("image").onchange = event => {
  const [image] = event.target.files;
  if (image) attempt("verify/", { reader: "file", image });
  event.target.value = "";
};
at("cannot").onclick = () => { at("ask").hidden = false; at("note").focus(); };
at("ask").onsubmit = event => { event.preventDefault(); attempt("ask/", { note: at("note").value }); at("note").value = ""; };
at("let-in").onclick = letIn;
for (const [id, key] of [["room", "value"], ["sound", "checked"]]) {      // what this door is, kept for the next start
  const kept = localStorage.getItem(`door.${id}`);
  if (kept !== null) at(id)[key] = key === "checked" ? kept === "true" : kept;
  at(id).onchange = () => { localStorage.setItem(`door.${id}`, at(id)[key]); count(); at("text").focus(); };
}
document.addEventListener("keydown", event => {      // a scanner types wherever the focus is
  if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.altKey && !event.metaKey && !event.target.matches("input:not([type=file]):not([type=checkbox]), select")) at("text").focus();
});
addEventListener("online", count);
addEventListener("offline", () => network(new Away()));

// beginning: what was kept of today, the worker that answers without a network, and what it needs
known = await list.get() || null;
if (known && known.day !== new Date(now()).toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" })) known = null;
await unsent();
await count();
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(`${base}worker.js`, { scope: base }).catch(() => { /* no safe connection: a reload needs the network */ });
  const parts = [...document.querySelectorAll("link[href], script[src], use")].map(node => (node.getAttribute("href") || node.getAttribute("src")).split("#")[0]);
  const modules = ["face.js", "server.js", "store.js", "ticket.js"].map(name => new URL(name, import.meta.url).href);
  caches.open("door").then(kept => kept.addAll([...new Set([base, ...parts, ...modules])])).catch(() => { /* the next start tries again */ });
}
setTimeout(function beat() { count().finally(() => setTimeout(beat, EVERY)); }, EVERY);
