import Alert from '@cloudscape-design/components/alert';

import { sentence } from '../../../api/error';
import type { Kind } from '../../../api/types';
import { replication } from '../../../text/groups';
import { start as words } from '../../../text/plans';
import { nameOf, type Outlook } from './outlook';

/** What stands in the way as far as it can be seen before the server is asked. */
export function NotReady({ kind, outlook }: { kind: Kind; outlook: Outlook }) {
  const isDrill = kind === 'DRILL';
  return (
    <>
      {outlook.unreadable.map(({ region, accountId, error }) => (
        <Alert key={`${accountId} ${region}`} type="warning" header={words.unreadable(region)}>
          {sentence(error)} {isDrill && words.unreadableDrill}
        </Alert>
      ))}
      {outlook.notRecoverable.length > 0 && (
        <Alert type="warning" header={words.notReady(outlook.notRecoverable.length)}>
          {isDrill ? words.notReadyDrill : words.notReadyRecovery}
          <ul>
            {outlook.notRecoverable.map((server) => (
              <li key={server.sourceServerId}>
                {nameOf(server)}: {replication[server.state]?.label ?? server.state}
              </li>
            ))}
          </ul>
        </Alert>
      )}
    </>
  );
}
