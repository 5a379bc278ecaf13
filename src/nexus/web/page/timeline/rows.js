/** The rows of a timeline: events, and between them day lines and the line above what is new. */

import { dayNumber } from './dates.js';

/** @typedef {import('../../engine/types.js').LogEvent} LogEvent */
/** @typedef {{kind: 'event', key: string, event: LogEvent, grouped: boolean, quoted: boolean}} EventRow `quoted`: its quote stands above already */
/** @typedef {{kind: 'ignored', key: string, events: LogEvent[]}} IgnoredRow messages that are not to be seen, one after the other */
/** @typedef {{kind: 'folded', key: string, events: LogEvent[]}} FoldedRow people who came and went, one after the other */
/** @typedef {EventRow | IgnoredRow | FoldedRow | {kind: 'day', key: string, at: number} | {kind: 'new', key: string}} Row */

/** Milliseconds within which an author's messages stand together. */
const TOGETHER = 5 * 60_000;

/**
 * @param {LogEvent[]} events
 * @param {number | null} line after which seq the new ones begin
 * @param {(event: LogEvent) => boolean} isNew whether an event that comes after it is one of the new ones
 * @param {(event: LogEvent) => boolean} hidden
 * @returns {Row[]}
 */
export function rowsOf(events, line, isNew, hidden) {
  /** @type {Row[]} */
  const rows = [];
  /** @type {LogEvent | null} */
  let before = null;
  let day = 0;
  let drawn = line === null;
  for (const event of events) {
    const today = dayNumber(event.at);
    let apart = before === null;
    if (today !== day) {
      rows.push({ kind: 'day', key: `day ${today}`, at: event.at });
      day = today;
      apart = true;
    }
    if (!drawn && event.seq > Number(line) && isNew(event)) {
      rows.push({ kind: 'new', key: 'new' });
      drawn = apart = true;
    }
    if (hidden(event)) {
      hide(rows, event, apart);
      before = event;
      continue;
    }
    const grouped = !apart && before !== null && together(before, event);
    const quoted = before?.type === 'posted' && event.reply_to !== undefined && before.reply_to === event.reply_to;
    rows.push({ kind: 'event', key: String(event.seq), event, grouped, quoted });
    before = event;
  }
  return folded(rows);
}

/** So many in a row who came or went are told in one line. */
const FOLDED = 3;

/** @param {Row[]} rows */
function folded(rows) {
  /** @type {Row[]} */
  const fewer = [];
  /** @type {EventRow[]} */
  let run = [];
  const end = () => {
    if (run.length < FOLDED) fewer.push(...run);
    else fewer.push({ kind: 'folded', key: `folded ${run[0].key}`, events: run.map((row) => row.event) });
    run = [];
  };
  for (const row of rows) {
    if (row.kind === 'event' && cameOrWent(row.event)) run.push(row);
    else (end(), fewer.push(row));
  }
  end();
  return fewer;
}

/** By themselves, and nobody else had a part in it. @param {LogEvent} event */
function cameOrWent({ type, added }) {
  return (type === 'joined' && added === undefined) || type === 'left';
}

/** Add it to those that are not to be seen. @param {Row[]} rows @param {LogEvent} event @param {boolean} apart */
function hide(rows, event, apart) {
  const last = rows.at(-1);
  if (!apart && last?.kind === 'ignored') last.events.push(event);
  else rows.push({ kind: 'ignored', key: `ignored ${event.seq}`, events: [event] });
}

/** @param {LogEvent} before @param {LogEvent} event */
export function together(before, event) {
  return before.type === 'posted' && event.type === 'posted' && before.by === event.by
    && Boolean(before.guest) === Boolean(event.guest) && event.reply_to === undefined
    && event.at - before.at < TOGETHER;
}
