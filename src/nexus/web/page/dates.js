/** Days and times, as the reader's own place writes them. */

import { t } from './words.js';

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

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
  return new Date(at).getFullYear() === now.getFullYear() ? day.format(at) : dayOfYear.format(at);
}

/** @param {number} at UTC ms */
export function timeOf(at) {
  return time.format(at);
}

/** @param {number} at UTC ms */
export function wholeTime(at) {
  return whole.format(at);
}
