/** The recovery instances of an execution that are left, as far as it knows. */
import type { Execution, Server } from '../../api/types';

export type Instance = { id: string; server: Server };

/** Not those that DRS no longer has, nor those that another execution has replaced. */
export function liveInstances(execution: Execution): Instance[] {
  return execution.waves
    .flatMap((wave) => wave.servers)
    .flatMap((server) =>
      server.recoveryInstanceId !== null &&
      server.status !== 'TERMINATED' &&
      server.replacedBy === null
        ? [{ id: server.recoveryInstanceId, server }]
        : [],
    );
}
