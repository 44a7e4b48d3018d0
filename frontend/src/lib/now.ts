/** The current time as something that components follow; the only clock of the console. */
import { useEffect, useSyncExternalStore } from 'react';

const TICK_MS = 1_000;

let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

/** Renders the caller anew every second, with the time. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(tick, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of listeners) {
    listener();
  }
}

/** Calls so much later, and anew after each change of the cause; never without a length. */
export function useLater(milliseconds: number | undefined, cause: unknown, then: () => void): void {
  useEffect(() => {
    if (milliseconds === undefined) {
      return undefined;
    }
    const one = setTimeout(then, milliseconds);
    return () => {
      clearTimeout(one);
    };
  }, [milliseconds, cause, then]);
}
