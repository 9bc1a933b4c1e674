// ticket.js - what the browser alone can tell about a ticket: whether it was signed here, and what stands on the list. The rules are those of
// the server (models/exams/admitting.py); the server has the last word when what happened is replayed.
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), letter => letter.charCodeAt(0));
const reason = (text, required = "", actual = "") => ({ text, required, actual });
const clock = moment => new Date(moment).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });

// the values of a signed ticket: null when the signature is not ours, undefined when this browser cannot tell
export async function signed(text, key) {
  const [head, values, signature] = text.split(".");
  try {
    const known = await crypto.subtle.importKey("raw", bytes(key), { name: "Ed25519" }, false, ["verify"]);
    const ours = await crypto.subtle.verify("Ed25519", known, bytes(signature), new TextEncoder().encode(`${head}.${values}`));
    return ours ? JSON.parse(new TextDecoder().decode(bytes(values))) : null;
  } catch (error) { return error instanceof DOMException || error instanceof TypeError ? undefined : null; }
}

// {row, reasons} for what was scanned; `taken` are the numbers that came in through this door since the network went away
export async function check(text, list, room, taken, now) {
  const said = text.normalize("NFKC").replace(/\s/g, "");
  let number = said, values = null;
  if (said.startsWith("TL1.")) {
    values = await signed(said, list.key);
    if (values === null) return { reasons: [reason("签名不符：不是本平台签发的准考证，或内容被改动")] };
    if (values === undefined) return { reasons: [reason("这个浏览器不能验证准考证的签名，请输入准考证号")] };
    number = values.n;
  } else if (!/^[0-9]{15}$/.test(said)) return { reasons: [reason("不是准考证号，也不是准考证上的二维码", "15 位数字", `${said.length} 位`)] };
  if (number.slice(2, 7) !== list.site) return { reasons: [reason("走错考点：不是本考点的准考证", list.site, number.slice(2, 7))] };
  const row = list.rows.find(one => one.number === number);
  if (!row) return { reasons: [reason("今天本考点没有这张准考证", "本机名单", number)] };
  const reasons = [];
  if (now < row.opens || now > row.closes) reasons.push(reason(now < row.opens ? "还没有到入场时间" : "入场时间已过", `${clock(row.opens)} 至 ${clock(row.closes)}`, clock(now)));
  if (room && room !== String(row.room_id)) reasons.push(reason("走错考场", `${row.room} 考场`, "本考场"));
  if (["matched", "admitted"].includes(row.state) || taken.has(number)) reasons.push(reason("已经入场，不能再入"));
  if (row.state === "refused") reasons.push(reason("考点负责人决定不准入场"));
  return { row, reasons };
}
