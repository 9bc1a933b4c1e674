// store.js - what the door keeps in the browser: today's list of the site, and what has to be told to the server. Nothing else.
const wait = request => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = () => no(request.error); });

const opening = indexedDB.open("door", 1);
opening.onupgradeneeded = () => { opening.result.createObjectStore("list"); opening.result.createObjectStore("queue", { keyPath: "client" }); };
const db = await wait(opening);
const table = (name, mode = "readonly") => db.transaction(name, mode).objectStore(name);

export const list = { get: () => wait(table("list").get("today")), put: value => wait(table("list", "readwrite").put(value, "today")) };
export const queue = {
  all: () => wait(table("queue").getAll()),
  put: item => wait(table("queue", "readwrite").put(item)),
  remove: client => wait(table("queue", "readwrite").delete(client)),
};
