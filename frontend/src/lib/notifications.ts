/** What became of what a person did, until it is dismissed. */

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
