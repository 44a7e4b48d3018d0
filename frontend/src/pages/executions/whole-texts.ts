/** An execution with thousands of servers comes with short texts; the whole ones are read apart. */
import type { Execution, ExecutionServer, Server } from '../../api/types';
import { isCut } from '../../lib/marks';

/** The same execution with the texts as they were before they were cut. */
export function withWholeTexts(execution: Execution, read: readonly ExecutionServer[]): Execution {
  const servers = new Map(read.map((server) => [keyOf(server.waveKey, server), server]));
  const reasons = new Map(
    read.flatMap(({ cleanUpInstances }) =>
      cleanUpInstances.map(({ recoveryInstanceId, reason }) => [recoveryInstanceId, reason]),
    ),
  );
  return {
    ...execution,
    waves: execution.waves.map((wave) => ({
      ...wave,
      servers: wave.servers.map((server) => whole(server, servers.get(keyOf(wave.key, server)))),
    })),
    cleanUp: {
      ...execution.cleanUp,
      instances: execution.cleanUp.instances.map((instance) => ({
        ...instance,
        reason: uncut(instance.reason, reasons.get(instance.recoveryInstanceId)),
      })),
    },
  };
}

function keyOf(waveKey: string, { sourceServerId }: Pick<Server, 'sourceServerId'>): string {
  return `${waveKey} ${sourceServerId}`;
}

/** Only the texts: how the server is getting on is newer in the execution. */
function whole(server: Server, read: ExecutionServer | undefined): Server {
  return read === undefined
    ? server
    : {
        ...server,
        hostname: uncut(server.hostname, read.hostname),
        error: uncut(server.error, read.error),
        warnings: read.warnings.length >= server.warnings.length ? read.warnings : server.warnings,
      };
}

/** The text that was cut to this one; a text that is another one by now stays as it is. */
function uncut<Text extends string | null>(text: Text, read: string | null | undefined): Text | string {
  if (text === null || read == null || !isCut(text)) {
    return text;
  }
  return read.startsWith(text.slice(0, -1)) ? read : text;
}
