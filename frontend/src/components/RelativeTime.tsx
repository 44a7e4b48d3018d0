import { useNow } from '../lib/now';
import { absoluteTime, relativeTime } from '../lib/time';

/** A time as its distance from now, and in full with its zone on hover. */
export function RelativeTime({ time }: { time: string | number }) {
  const now = useNow();
  return (
    <time dateTime={new Date(time).toISOString()} title={absoluteTime(time)}>
      {relativeTime(time, now)}
    </time>
  );
}
