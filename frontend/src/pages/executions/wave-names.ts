/** Waves by the names that people gave them. */
import type { Execution } from '../../api/types';
import { shown } from '../../lib/shown';

/** ` (Databases, Web)`, or nothing where no wave is meant. */
export function waveNames(execution: Execution, keys: readonly string[] | null | undefined): string {
  if (keys == null || keys.length === 0) {
    return '';
  }
  return ` (${keys.map((key) => waveName(execution, key)).join(', ')})`;
}

/** A sentence of the server, which knows waves by their keys, as it reads with their names. */
export function withWaveNames(execution: Execution, sentence: string): string {
  return sentence.replaceAll(/`([a-z0-9-]+)`/g, (_, key: string) => waveName(execution, key));
}

export function waveName(execution: Execution, key: string): string {
  return shown(execution.waves.find((wave) => wave.key === key)?.name ?? key);
}
