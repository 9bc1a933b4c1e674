// server.js - what the door asks the server for. No answer in time, or one that is none, is an Away: the door goes on alone.
const token = document.querySelector("meta[name=csrf-token]").content;
const PATIENCE = 15000;     // milliseconds until an answer is given up
export const base = location.pathname;
export class Away extends Error { ended = false; }

export async function ask(path, body) {
  const json = body && !(body instanceof FormData), error = new Away();
  try {
    const answer = await fetch(base + path, { method: body ? "POST" : "GET", redirect: "manual", signal: AbortSignal.timeout(PATIENCE), body: json ? JSON.stringify(body) : body,
      headers: { "X-CSRFToken": token, Accept: "application/json", ...(json ? { "Content-Type": "application/json" } : {}) } });
    error.ended = answer.type === "opaqueredirect" || [400, 401, 403].includes(answer.status);      // nobody is logged in any more
    if (answer.ok || answer.status === 422) return { refused: answer.status === 422, ...await answer.json() };
  } catch { /* no network, no answer in time, or none that can be read */ }
  throw error;
}

export function form(values) {
  const sent = new FormData();
  for (const [name, value] of Object.entries({ room: document.getElementById("room").value, ...values })) sent.append(name, value);
  return sent;
}
