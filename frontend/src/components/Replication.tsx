import type { SourceServer } from '../api/types';
import { shown } from '../lib/shown';
import { duration } from '../lib/time';
import { groups, replication } from '../text/groups';
import { Status } from './Status';

/** How DRS replicates a server, in words, with their sign. */
export function ReplicationState({ state }: { state: string }) {
  return <Status sign={replication[state] ?? { type: 'warning', label: shown(state) }} />;
}

/** The same words alone. */
export function stateText({ replicationState }: SourceServer): string {
  return replication[replicationState]?.label ?? shown(replicationState);
}

/** How old the newest consistent data of a server is. */
export function lagText(server: SourceServer): string {
  return server.lagSeconds == null ? groups.noLag : duration(server.lagSeconds * 1_000);
}
