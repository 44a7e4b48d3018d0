/** What became of what a person did, at the top of every page until it is dismissed. */
import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import { useSyncExternalStore } from 'react';

import { useServices } from '../services';
import { shell } from '../text/shell';

type Message = { type: 'success' | 'error' | 'warning' | 'info'; header?: string; content: string };
type Held = Message & { id: string };

/** The messages that are open, oldest first. */
export class Notifications {
  readonly #listeners = new Set<() => void>();
  #number = 0;
  #held: readonly Held[] = [];

  readonly list = (): readonly Held[] => this.#held;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly add = (message: Message): void => {
    this.#number += 1;
    this.#become([...this.#held, { ...message, id: this.#number.toString() }]);
  };

  readonly dismiss = (id: string): void => {
    this.#become(this.#held.filter((message) => message.id !== id));
  };

  readonly clear = (): void => {
    this.#become([]);
  };

  #become(held: readonly Held[]): void {
    this.#held = held;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

export function NotificationBar() {
  const { notifications } = useServices();
  const list = useSyncExternalStore(notifications.subscribe, notifications.list);
  const items = list.map(
    (message): FlashbarProps.MessageDefinition => ({
      ...message,
      dismissible: true,
      dismissLabel: shell.dismiss,
      ariaRole: message.type === 'error' ? 'alert' : 'status',
      onDismiss: () => {
        notifications.dismiss(message.id);
      },
    }),
  );
  return <Flashbar items={items} stackItems={items.length > 3} />;
}
