/** What a page tells the shell around it: its name for the breadcrumbs, and its help. */
import { useEffect, useSyncExternalStore } from 'react';

import type { HelpTopic } from '../text/shell';

type Frame = { title: string; help: HelpTopic | undefined };

let frame: Frame = { title: '', help: undefined };
const listeners = new Set<() => void>();

export function useFrame(): Frame {
  return useSyncExternalStore(subscribe, () => frame);
}

export function useAnnouncedFrame(title: string, help: HelpTopic | undefined): void {
  // The shell is outside of the page, so it learns of the page only once that is there.
  useEffect(() => {
    frame = { title, help };
    for (const listener of listeners) {
      listener();
    }
  }, [title, help]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
