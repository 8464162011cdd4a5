/* Keeps the check-in page and what it consists of, so that it opens without a network.

   The network comes first wherever it answers in time; what is kept is the latest of each. */

const PAGE = new URL("./", self.location).pathname;
const CACHE = `check-in ${PAGE}`;
const PATIENCE_MS = 4000;
const FORGET_MS = 14 * 24 * 3600 * 1000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), forgetOldDoors()])));
self.addEventListener("message", (event) => {
  event.waitUntil(keep(event.data.keep).then(() => event.source?.postMessage({ kept: true })));
});
self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const isPage = url.pathname === PAGE;
  if (isPage || url.pathname.startsWith("/static/")) event.respondWith(fresh(request, isPage ? PAGE : request.url));
});

async function keep(addresses) {
  const cache = await caches.open(CACHE);
  await Promise.all(addresses.map(async (address) => {
    const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
    if (answer?.ok && !answer.redirected) await cache.put(address, answer);
  }));
}

async function fresh(request, key) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(key);
  const network = fetch(request).then(async (answer) => {
    if (answer.ok && !answer.redirected) await cache.put(key, answer.clone());
    else if (key === PAGE && answer.status !== 503) await cache.delete(key); // signed out, or no organizer any more
    return answer;
  });
  if (!kept) return network;
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS, kept); });
  return Promise.race([network.catch(() => kept), late]);
}

/* A door holds people's names; what was not opened for two weeks goes. */
async function forgetOldDoors() {
  for (const name of await caches.keys()) {
    if (!name.startsWith("check-in ")) continue;
    const page = await (await caches.open(name)).match(name.slice("check-in ".length));
    const keptAt = Date.parse(page?.headers.get("Date") ?? "");
    if (page && Date.now() - keptAt > FORGET_MS) await caches.delete(name);
  }
}
