/** Waves by the names that people gave them. */
import type { Wave } from '../../api/types';
import { shown } from '../../lib/shown';

type Named = { waves: readonly Pick<Wave, 'key' | 'name'>[] };

/** ` (Databases, Web)`, or nothing where no wave is meant. */
export function waveNames(execution: Named, keys: readonly string[] | null | undefined): string {
  if (keys == null || keys.length === 0) {
    return '';
  }
  return ` (${keys.map((key) => waveName(execution, key)).join(', ')})`;
}

/** A sentence of the server, which knows waves by their keys, as it reads with their names. */
export function withWaveNames(execution: Named, sentence: string): string {
  const isWave = (key: string) => execution.waves.some((wave) => wave.key === key);
  return sentence.replaceAll(/`([a-z0-9-]+)`/g, (marked, key: string) =>
    isWave(key) ? waveName(execution, key) : marked,
  );
}

export function waveName(execution: Named, key: string): string {
  return shown(execution.waves.find((wave) => wave.key === key)?.name ?? key);
}
