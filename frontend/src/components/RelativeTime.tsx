import { useNow } from '../lib/now';
import { absoluteTime, relativeTime } from '../lib/time';

/** A time as its distance from now, and in full with its zone on hover; both of them on paper. */
export function RelativeTime({ time }: { time: string | number }) {
  const now = useNow();
  const absolute = absoluteTime(time);
  return (
    <time dateTime={new Date(time).toISOString()} title={absolute} data-printed={absolute}>
      {relativeTime(time, now)}
    </time>
  );
}
