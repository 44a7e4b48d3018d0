/** Times in words, and in full with their zone. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const ABSOLUTE = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'long',
});
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** `23 Nov 2026, 14:03:22 UTC` in the zone of the machine. */
export function absoluteTime(time: string | number): string {
  return ABSOLUTE.format(new Date(time));
}

/** `3 minutes ago`, in the largest unit that fits. */
export function relativeTime(time: string | number, now: number): string {
  const ago = now - new Date(time).getTime();
  if (Math.abs(ago) < 5 * SECOND) {
    return 'just now';
  }
  const [length, unit] = unitOf(Math.abs(ago));
  return RELATIVE.format(-Math.trunc(ago / length), unit);
}

/** `1 h 4 min`, `4 min 10 s` or `10 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / SECOND));
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  if (hours > 0) {
    return unbroken(`${hours.toString()} h ${minutes.toString()} min`);
  }
  return minutes > 0
    ? unbroken(`${minutes.toString()} min ${(seconds % 60).toString()} s`)
    : unbroken(`${seconds.toString()} s`);
}

/** A length of time stays on one line. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

function unitOf(length: number): [number, Intl.RelativeTimeFormatUnit] {
  if (length < MINUTE) {
    return [SECOND, 'second'];
  }
  if (length < HOUR) {
    return [MINUTE, 'minute'];
  }
  return length < DAY ? [HOUR, 'hour'] : [DAY, 'day'];
}
