/** Why something did not work, as a sentence. */

import { t } from '../shell/language.js';

/** @param {unknown} why */
export function failure(why) {
  return why instanceof Error && why.message ? why.message : t('error.offline');
}
