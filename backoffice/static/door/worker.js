// worker.js - while there is no network, the page of the door and what it is made of come from what page.js has kept; everything else fails
// as it should, and page.js sees that it is alone.
addEventListener("install", () => skipWaiting());
addEventListener("activate", event => event.waitUntil(clients.claim()));
addEventListener("fetch", event => {
  const page = event.request.mode === "navigate" && new URL(event.request.url).pathname === new URL(registration.scope).pathname;
  if (event.request.method !== "GET" || !(page || new URL(event.request.url).pathname.startsWith("/static/"))) return;
  event.respondWith(fetch(event.request).catch(async error => {
    const kept = await (await caches.open("door")).match(event.request, { ignoreSearch: page, ignoreVary: true });
    if (kept) return kept;
    throw error;
  }));
});
