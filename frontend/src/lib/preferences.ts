/** What this browser remembers of how a person likes the console; nothing secret. */
import { colorBackgroundLayoutMain } from '@cloudscape-design/design-tokens';
import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { useSyncExternalStore } from 'react';

const MODE_KEY = 'drs-orchestration.mode';
const listeners = new Set<() => void>();

let mode = initialMode();

export function useMode(): Mode {
  return useSyncExternalStore(subscribe, () => mode);
}

/** Puts the mode that is in force on the document; called once, before anything is shown. */
export function startMode(): void {
  // Pages without the shell stand on the body itself.
  document.body.style.backgroundColor = colorBackgroundLayoutMain;
  applyMode(mode);
}

export function toggleMode(): void {
  mode = mode === Mode.Dark ? Mode.Light : Mode.Dark;
  window.localStorage.setItem(MODE_KEY, mode);
  applyMode(mode);
  for (const listener of listeners) {
    listener();
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function initialMode(): Mode {
  const kept = window.localStorage.getItem(MODE_KEY);
  if (kept === Mode.Dark || kept === Mode.Light) {
    return kept;
  }
  const media = typeof window.matchMedia === 'function' ? window.matchMedia('(prefers-color-scheme: dark)') : undefined;
  return media?.matches === true ? Mode.Dark : Mode.Light;
}
