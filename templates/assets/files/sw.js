// Keeps the empty page of animators for use without signal. It keeps nothing about anybody: pages with answers and
// JSON never enter its cache. SHELL, the list of what it keeps, is written above by the server.
"use strict";

const LANG = new URL(location).searchParams.get("l") === "en" ? "en" : "nl"; // of the page that registered it
const CACHE = "shell-" + LANG + SHELL.join("|");

self.addEventListener("install", (event) => {
  // Asked without cookies, so that the page that is kept names nobody.
  const all = SHELL.map((address) => fetch(address, { credentials: "omit", cache: "reload", headers: { "Accept-Language": LANG } }).then((answer) => {
    if (!answer.ok) throw new Error(address);
    return caches.open(CACHE).then((cache) => cache.put(address, answer));
  }));
  event.waitUntil(Promise.all(all).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const request = event.request, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate" && address.pathname === SHELL[0]) { // at once, also where a network is there and carries nothing
    event.respondWith(caches.match(SHELL[0]).then((shell) => shell || fetch(request)));
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(SHELL[0]).then((shell) => shell || Response.error())));
    return;
  }
  if (SHELL.includes(address.pathname)) {
    event.respondWith(caches.match(address.pathname).then((kept) => kept || fetch(request)));
  }
});
