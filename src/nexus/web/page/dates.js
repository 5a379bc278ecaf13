/** Days and times, as the reader's own place writes them. */

import { language, locale, t } from './words.js';

/** A way to write dates, in the language that is spoken. @param {Intl.DateTimeFormatOptions} options */
function way(options) {
  let spoken = '';
  /** @type {Intl.DateTimeFormat} */
  let format;
  return (/** @type {number} */ at) => {
    if (spoken !== language.value) format = new Intl.DateTimeFormat(locale(), options);
    spoken = language.value;
    return format.format(at);
  };
}

const time = way({ hour: '2-digit', minute: '2-digit' });
const day = way({ weekday: 'long', day: 'numeric', month: 'long' });
const dayOfYear = way({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const whole = way({ dateStyle: 'full', timeStyle: 'medium' });

/** A number for each day, the same for all its times. @param {number} at UTC ms */
export function dayNumber(at) {
  const date = new Date(at);
  return date.getFullYear() * 10_000 + date.getMonth() * 100 + date.getDate();
}

/** @param {number} at UTC ms */
export function dayName(at) {
  const now = new Date();
  if (dayNumber(at) === dayNumber(now.getTime())) return t('day.today');
  if (dayNumber(at) === dayNumber(now.getTime() - 86_400_000)) return t('day.yesterday');
  return new Date(at).getFullYear() === now.getFullYear() ? day(at) : dayOfYear(at);
}

/** @param {number} at UTC ms */
export function timeOf(at) {
  return time(at);
}

/** @param {number} at UTC ms */
export function wholeTime(at) {
  return whole(at);
}
