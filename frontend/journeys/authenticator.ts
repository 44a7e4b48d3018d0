/** An authenticator app (RFC 6238): it makes codes of a key, each of which is good once. */
import { createHmac } from 'node:crypto';

import { expect } from '@playwright/test';

const SECONDS_PER_CODE = 30;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Two codes of half a minute each, and some air. */
const NEXT_CODE_MS = 75_000;

const stepNow = () => Math.floor(Date.now() / 1_000 / SECONDS_PER_CODE);

export class Authenticator {
  readonly #key: Buffer;
  #used = 0;

  constructor(secret: string) {
    const bits = Array.from(secret, (letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0'));
    const bytes = bits.join('').match(/[01]{8}/g) ?? [];
    this.#key = Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
  }

  /** A code that nobody has used. The clock of a device may go half a minute ahead. */
  async code(): Promise<string> {
    await expect.poll(() => stepNow() + 1 > this.#used, { timeout: NEXT_CODE_MS }).toBe(true);
    this.#used = Math.max(stepNow(), this.#used + 1);
    return this.#at(this.#used);
  }

  /** The code that was given last. */
  usedCode(): string {
    return this.#at(this.#used);
  }

  /** Six digits that no step near now has. */
  wrongCode(): string {
    const near = [-2, -1, 0, 1, 2].map((drift) => this.#at(stepNow() + drift));
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code)) ?? '';
  }

  #at(step: number): string {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac('sha1', this.#key).update(counter).digest();
    const offset = (mac.at(-1) ?? 0) & 0x0f;
    return ((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).toString().padStart(6, '0');
  }
}
