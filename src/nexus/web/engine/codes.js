/** What refusals and goodbyes mean; `make docs` writes this from the server's table. */

const TEMPORARY = new Set(['too_fast', 'too_many', 'unavailable', 'internal', 'restarting', 'late']);
const LASTING = new Set(['bad_request', 'too_large', 'name_taken', 'name_invalid', 'nonce_reused', 'unauthorised', 'forbidden', 'not_found', 'not_joined', 'replaced', 'revoked', 'banned', 'ended']);

/**
 * Whether the same may go better later: a refused command, or the connection after a goodbye.
 *
 * @param {string} code
 * @param {number} [retryAfter] seconds; tells of a code that only a later version knows
 */
export function isTemporary(code, retryAfter) {
  return TEMPORARY.has(code) || (retryAfter !== undefined && !LASTING.has(code));
}
