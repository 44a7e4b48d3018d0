/** The recovery instances of an execution: which are left, and what became of the others. */
import type { Execution, Server } from '../../api/types';
import { isGoneInEc2 } from '../../lib/instance-state';

export type Instance = { id: string; server: Server };

/** What became of an instance that launched: it is no machine that anybody reaches any more. */
export type Ending = 'TERMINATING' | 'TERMINATED' | 'REPLACED';

/** By instance id; an instance that is not here is as EC2 shows it. */
export type Endings = ReadonlyMap<string, Ending>;

/** What the clean-up says of each instance. */
export function endingsOf({ cleanUp }: Pick<Execution, 'cleanUp'>): Endings {
  return new Map(
    cleanUp.instances.flatMap(({ recoveryInstanceId, status }): [string, Ending][] => {
      switch (status) {
        case 'TERMINATING':
          return [[recoveryInstanceId, 'TERMINATING']];
        case 'TERMINATED':
        case 'ALREADY_GONE':
          return [[recoveryInstanceId, 'TERMINATED']];
        case 'PENDING':
        case 'NOT_OURS':
        case 'REFUSED':
          return [];
      }
    }),
  );
}

/** What became of the server's instance; nothing while it is there, or where there is none. */
export function endingOf(server: Server, endings: Endings): Ending | undefined {
  const { recoveryInstanceId, recoveryInstance } = server;
  if (recoveryInstanceId === null) {
    return undefined;
  }
  if (server.replacedBy !== null) {
    return 'REPLACED';
  }
  if (server.status === 'TERMINATED' || isGoneInEc2(recoveryInstance?.ec2State)) {
    return 'TERMINATED';
  }
  return endings.get(recoveryInstanceId);
}

/**
 * Whether it has launched, whatever became of its instance since. A TERMINATED server is one whose
 * instance was ended before anybody saw it up, and counts as not launched.
 */
export function hasLaunched({ status }: Server): boolean {
  return status === 'LAUNCHED';
}

/** Whether its launch came to nothing, so that a retry launches it again. */
export function hasFailed({ status }: Server): boolean {
  return status === 'FAILED' || status === 'TERMINATED';
}

/** Not those that are gone, nor those that another execution has replaced. */
export function liveInstances(execution: Execution): Instance[] {
  const endings = endingsOf(execution);
  return execution.waves
    .flatMap((wave) => wave.servers)
    .flatMap((server) => {
      const { recoveryInstanceId: id } = server;
      const ending = endingOf(server, endings);
      return id === null || ending === 'TERMINATED' || ending === 'REPLACED' ? [] : [{ id, server }];
    });
}
