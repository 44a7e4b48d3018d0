import Alert from '@cloudscape-design/components/alert';

import { SentenceText } from '../../../components/SentenceText';
import { sentence } from '../../../api/error';
import type { Kind } from '../../../api/types';
import { ServerName } from '../../../components/ServerName';
import { ShortList } from '../../../components/ShortList';
import { replication } from '../../../text/groups';
import { start as words } from '../../../text/plans';
import type { Outlook } from './outlook';

/** What stands in the way as far as it can be seen before the server is asked. */
export function NotReady({ kind, outlook }: { kind: Kind; outlook: Outlook }) {
  const isDrill = kind === 'DRILL';
  return (
    <>
      {outlook.unreadable.map(({ region, accountId, error }) => (
        <Alert key={`${accountId} ${region}`} type="warning" header={words.unreadable(region)}>
          <SentenceText>{sentence(error)}</SentenceText> {isDrill && words.unreadableDrill}
        </Alert>
      ))}
      {outlook.notRecoverable.length > 0 && (
        <Alert type="warning" header={words.notReady(outlook.notRecoverable.length)}>
          {isDrill ? words.notReadyDrill : words.notReadyRecovery(outlook.notRecoverable.length)}
          <ShortList
            items={outlook.notRecoverable}
            keyOf={({ sourceServerId }) => sourceServerId}
            render={(server) => (
              <>
                <ServerName server={server} variant="inline" />:{' '}
                {replication[server.state]?.label ?? server.state}
              </>
            )}
          />
        </Alert>
      )}
    </>
  );
}
