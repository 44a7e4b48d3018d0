/** Servers by their status. */
import type { Execution, Server } from '../../api/types';

export function countOf(execution: Execution, statuses: readonly Server['status'][]): number {
  return execution.waves.reduce(
    (sum, wave) => sum + wave.servers.filter(({ status }) => statuses.includes(status)).length,
    0,
  );
}
