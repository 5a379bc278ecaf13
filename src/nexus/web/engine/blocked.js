/** Why no connection can be made, though the server may be there: a proxy that takes no WebSocket, or a name that it does not know. */

import { base } from './prefix.js';

/** Connections that cannot be made, though the server answers, until that is no chance. */
const SURE = 2;

/** 'websocket', a sentence of the server's, or nothing. @param {number} tries connections that could not be made, one after the other */
export async function whyBlocked(tries) {
  const answer = await fetch(`${base}/readyz`, { cache: 'no-store' }).catch(() => null);
  if (answer?.status === 403) return (await answer.text()).trim();
  return answer?.ok && tries >= SURE ? 'websocket' : '';
}
