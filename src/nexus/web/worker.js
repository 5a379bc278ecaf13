/**
 * The service worker: what the page needs to show itself without a network, and clicks on notifications.
 *
 * The page itself is asked of the network first, so that no upgrade is missed; its files carry the hash of them all in
 * their addresses and never change. The server fills in which page and which files these are: with any other page this
 * is another worker, which throws away what the one before kept.
 */

/** @type {any} */
const scope = self;
const CACHE = 'nexus {{page}}';
const HOME = '{{base}}/';
const BASE = '{{base}}/web/{{stamp}}/';
/** @type {string[]} */
const FILES = '{{files}}'.split(' ');

/** Milliseconds after which a network that does not answer counts as none. */
const PATIENCE = 8000;

scope.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(keepAll()));
scope.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(begin()));
scope.addEventListener('fetch', (/** @type {any} */ event) => {
  const { mode, url, method } = event.request;
  const { origin, pathname } = new URL(url);
  if (origin !== scope.location.origin || method !== 'GET') return;
  if (mode === 'navigate' && (pathname === HOME || pathname.startsWith(`${HOME}r/`))) event.respondWith(page(event));
  else if (pathname.startsWith(BASE)) event.respondWith(file(event.request));
});
scope.addEventListener('message', () => scope.skipWaiting()); // once more, as page/shell/worker.js says
scope.addEventListener('notificationclick', (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.go ?? HOME));
});

async function keepAll() {
  const cache = await caches.open(CACHE);
  await cache.addAll([new Request(HOME, { cache: 'reload' }), ...FILES.map((name) => BASE + name)]);
  const home = await (await cache.match(HOME))?.text();
  // Of several nodes one may have another version: the browser tries again with the next page.
  if (!home?.includes(BASE)) throw new Error('The page is another version’s.');
  await scope.skipWaiting();
}

async function begin() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await scope.registration.navigationPreload?.enable();
  await scope.clients.claim();
}

/**
 * The page: as it is now; without a network as it was. The browser asks for it by itself, since only so the server
 * is told from where one comes.
 *
 * @param {any} event
 */
async function page({ request, preloadResponse }) {
  const kept = () => caches.match(HOME, { cacheName: CACHE });
  try {
    const found = (await preloadResponse) ?? await fetch(request.url, { cache: 'no-cache', signal: AbortSignal.timeout(PATIENCE) });
    return found.status >= 500 ? ((await kept()) ?? found) : found;
  } catch {
    return (await kept()) ?? Response.error();
  }
}

/** A file of this page; those that the page rarely needs are kept once they were. @param {Request} request */
async function file(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.url);
  if (kept !== undefined) return kept;
  const found = await fetch(request);
  if (found.ok) await cache.put(request.url, found.clone());
  return found;
}

/** Show a room's message, in a window that is open or in a new one. @param {string} go */
async function open(go) {
  const [first] = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (first === undefined) return scope.clients.openWindow(go);
  first.postMessage({ go });
  return first.focus();
}
