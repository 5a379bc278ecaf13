/** The service worker: it shows the page without a network, and notifications. */

import { base } from '../../engine/prefix.js';
import { goTo, read } from './route.js';

const ADDRESS = `${base}/worker.js`;

/** Milliseconds after which a worker that waits is asked again. */
const PAUSE = 1000;

/** Trusted Types ask who made the address of a script; this makes no other. */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy('nexus-worker', { createScriptURL: () => ADDRESS });

/** @type {Promise<ServiceWorkerRegistration | undefined> | undefined} */
let registered;

/** The worker; undefined where the browser has none, or not for a page without TLS from elsewhere. */
export function worker() {
  registered ??= navigator.serviceWorker === undefined ? Promise.resolve(undefined) : register();
  return registered;
}

async function register() {
  try {
    const registration = await navigator.serviceWorker.register(policy?.createScriptURL('') ?? ADDRESS, { updateViaCache: 'none' });
    navigator.serviceWorker.addEventListener('message', ({ data }) => {
      const place = typeof data?.go === 'string' ? read(data.go) : null;
      if (place !== null) goTo(place.room, place.seq);
    });
    if (registration !== undefined) hurry(registration); // as it is where something keeps the browser from it
    return registration;
  } catch {
    return undefined; // forbidden in this browser, or no network; the page does without
  }
}

/**
 * A new worker takes over as soon as it has all files. Chromium forgets that now and then, and lets it wait for minutes;
 * asked once more a little later, it begins.
 *
 * @param {ServiceWorkerRegistration} registration
 */
function hurry(registration) {
  const again = () => setTimeout(() => registration.waiting?.postMessage('begin'), PAUSE);
  again();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', again));
}
