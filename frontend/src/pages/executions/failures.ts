/** The servers that did not launch, by the reason that is told of them. */
import { capitalised } from '../../api/error';
import type { Server, Wave } from '../../api/types';
import { SERVER_STATUS } from '../../text/status-words';

export type Failure = { reason: string; servers: Server[] };

const NOT_LAUNCHED: readonly Server['status'][] = ['FAILED', 'TERMINATED', 'UNKNOWN'];

/** Equal reasons are one; the most frequent stands first. */
export function failuresOf(waves: readonly Wave[]): Failure[] {
  const found = new Map<string, Server[]>();
  for (const server of waves.flatMap((wave) => wave.servers)) {
    if (NOT_LAUNCHED.includes(server.status)) {
      const reason = capitalised(server.error ?? SERVER_STATUS[server.status].label);
      const same = found.get(reason) ?? [];
      same.push(server);
      found.set(reason, same);
    }
  }
  return [...found]
    .map(([reason, servers]) => ({ reason, servers }))
    .sort((one, other) => other.servers.length - one.servers.length);
}
