/** Waves by the names that people gave them. */
import type { Execution } from '../../api/types';

/** ` (Databases, Web)`, or nothing where no wave is meant. */
export function waveNames(execution: Execution, keys: readonly string[] | null | undefined): string {
  if (keys == null || keys.length === 0) {
    return '';
  }
  return ` (${keys.map((key) => waveName(execution, key)).join(', ')})`;
}

export function waveName(execution: Execution, key: string): string {
  return execution.waves.find((wave) => wave.key === key)?.name ?? key;
}
