/** Where the server's addresses begin: empty, or the path below which a proxy serves it (the setting `base`). */

/** This file is at `<base>/web/<stamp>/engine/prefix.js`. */
export const base = new URL('../../..', import.meta.url).pathname.replace(/\/$/, '');
