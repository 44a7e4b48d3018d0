import Box from '@cloudscape-design/components/box';

import type { Server, Wave } from '../../api/types';
import { SentenceText } from '../../components/SentenceText';
import { ServerName } from '../../components/ServerName';
import { ShortList } from '../../components/ShortList';
import { failures as words } from '../../text/executions';
import { failuresOf, type Failure } from './failures';
import { WholeOfServer } from './WholeText';

const SHOWN = 5;
const SERVERS_SHOWN = 3;

type Properties = { title?: string; waves: readonly Wave[] };

/** Why servers did not launch: each reason once, with how many it is of; the most frequent first. */
export function Failures({ title, waves }: Properties) {
  const failures = failuresOf(waves);
  return failures.length === 0 ? null : (
    <div>
      {title !== undefined && (
        <Box variant="h3" padding="n">
          {title}
        </Box>
      )}
      <ShortList
        items={failures}
        keyOf={({ reason }) => reason}
        render={(failure) => <Reason failure={failure} />}
        shown={SHOWN}
      />
    </div>
  );
}

function Reason({ failure: { reason, servers } }: { failure: Failure }) {
  const shown = servers.slice(0, SERVERS_SHOWN);
  const rest = servers.length - shown.length;
  return (
    <>
      {servers.length > 1 && <b>{words.count(servers.length)} </b>}
      {shown.map((server, index) => (
        <span key={server.sourceServerId}>
          {index > 0 && ', '}
          <ServerName server={server} variant="inline" />
        </span>
      ))}
      {rest > 0 && `, ${words.more(rest)}`}: <Whole reason={reason} server={servers[0]} />
    </>
  );
}

/** Where servers share a reason, the log of one of them has as much of it as that of any other. */
function Whole({ reason, server }: { reason: string; server: Server | undefined }) {
  return <SentenceText whole={server && <WholeOfServer server={server} />}>{reason}</SentenceText>;
}
