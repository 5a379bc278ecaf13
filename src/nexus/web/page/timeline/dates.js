/** Days and times, as the reader's own place writes them. */

import { signal } from '@preact/signals';
import { clock } from '../shell/appearance.js';
import { LANGUAGES, language, locale, t } from '../shell/language.js';

/**
 * A way to write dates, in the language that is spoken. What is shown together is mostly of the same time, and to
 * write it takes long.
 *
 * @param {Intl.DateTimeFormatOptions} options @param {number} every milliseconds that are written alike
 */
function way(options, every) {
  let spoken = '';
  let step = NaN;
  let written = '';
  /** @type {Intl.DateTimeFormat} */
  let format;
  return (/** @type {number} */ at) => {
    const now = `${language.value} ${clock.value}`;
    if (spoken !== now) [format, step] = [new Intl.DateTimeFormat(locale(), { ...options, ...hours(options) }), NaN];
    spoken = now;
    if (Math.floor(at / every) !== step) [step, written] = [Math.floor(at / every), format.format(at)];
    return written;
  };
}

/** The clock that the person chose, where hours are written; else that of their language, also where it is not spoken here. @param {Intl.DateTimeFormatOptions} options */
function hours({ hour, timeStyle }) {
  const hourCycle = clock.value === 'locale' ? OWN : clock.value;
  return (hour ?? timeStyle) === undefined || hourCycle === undefined ? {} : { hourCycle };
}

/** The clock of a browser none of whose languages is spoken here. */
const OWN = navigator.languages.some((tag) => tag.split('-')[0] in LANGUAGES)
  ? undefined
  : new Intl.DateTimeFormat(navigator.language, { timeStyle: 'short' }).resolvedOptions().hourCycle;

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const time = way({ timeStyle: 'short' }, MINUTE);
const day = way({ weekday: 'long', day: 'numeric', month: 'long' }, MINUTE);
const dayOfYear = way({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }, MINUTE);
const date = way({ dateStyle: 'medium' }, MINUTE);
const moment = way({ dateStyle: 'medium', timeStyle: 'short' }, MINUTE);
const whole = way({ dateStyle: 'full', timeStyle: 'medium' }, SECOND);

/** A number for each day, the same for all its times. @param {number} at UTC ms */
export function dayNumber(at) {
  const date = new Date(at);
  return date.getFullYear() * 10_000 + date.getMonth() * 100 + date.getDate();
}

/** The day it is; components that show the name of one are drawn again when another begins. */
const today = signal(dayNumber(Date.now()));

/** A page that is left open, or sleeps, looks again when the day ends and when somebody comes back to it. */
function lookAtDay() {
  const now = new Date();
  today.value = dayNumber(now.getTime());
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime() - now.getTime();
}

function waitForDay() {
  setTimeout(waitForDay, lookAtDay() + SECOND);
}

waitForDay();
document.addEventListener('visibilitychange', lookAtDay);

/** @param {number} at UTC ms */
export function dayName(at) {
  const now = new Date();
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1, 12); // a day may have 23 hours, or 25
  if (dayNumber(at) === today.value) return t('day.today');
  if (dayNumber(at) === dayNumber(yesterday.getTime())) return t('day.yesterday');
  return new Date(at).getFullYear() === now.getFullYear() ? day(at) : dayOfYear(at);
}

/** A day, without its weekday. @param {number} at UTC ms */
export function dateOf(at) {
  return date(at);
}

/** @param {number} at UTC ms */
export function timeOf(at) {
  return time(at);
}

/** A time, with its day where that is not today. @param {number} at UTC ms */
export function momentOf(at) {
  return dayNumber(at) === today.value ? time(at) : moment(at);
}

/** @param {number} at UTC ms */
export function wholeTime(at) {
  return whole(at);
}
