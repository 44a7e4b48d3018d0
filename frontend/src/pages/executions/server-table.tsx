/** The servers of an execution, whatever their wave. */
import Box from '@cloudscape-design/components/box';
import type { TableProps } from '@cloudscape-design/components/table';

import { capitalised } from '../../api/error';
import type { Execution, Server } from '../../api/types';
import { filterProperty, type FilterPropertyOf } from '../../lib/filter-property';
import { ec2Words } from '../../lib/instance-state';
import { OutsideText } from '../../components/OutsideText';
import { RelativeTime } from '../../components/RelativeTime';
import { SentenceText } from '../../components/SentenceText';
import { nameOf } from '../../lib/server-name';
import { ServerName } from '../../components/ServerName';
import { Status } from '../../components/Status';
import { SERVER_PHASE, SERVER_STATUS, type Sign } from '../../text/status-words';
import { common } from '../../text/common';
import { page as words } from '../../text/executions';
import { endingOf, endingsOf, type Ending } from './instances';
import { WholeOfServer } from './WholeText';

export type ServerRow = {
  server: Server;
  name: string;
  wave: string;
  status: string;
  phase: string;
  id: string;
  instance: string;
  ending: Ending | undefined;
};

/** A row stays the same object while its server does, so that a look renders only what changed. */
const rows = new WeakMap<Server, ServerRow>();

export function rowsOf({ waves, cleanUp }: Pick<Execution, 'waves' | 'cleanUp'>): ServerRow[] {
  const endings = endingsOf({ cleanUp });
  return waves.flatMap((wave) =>
    wave.servers.map((server) => {
      const known = rows.get(server);
      const ending = endingOf(server, endings);
      const isSame = known?.wave === wave.name && known.ending === ending;
      const row = isSame ? known : rowOf(server, wave.name, ending);
      rows.set(server, row);
      return row;
    }),
  );
}

function rowOf(server: Server, wave: string, ending: Ending | undefined): ServerRow {
  return {
    server,
    wave,
    ending,
    id: server.sourceServerId,
    name: nameOf(server),
    status: signOf(server, ending).label,
    phase: server.phase === null ? common.none : SERVER_PHASE[server.phase],
    instance: server.recoveryInstanceId ?? '',
  };
}

/** A server that launched and is gone by now has no sign of success. */
function signOf({ status }: Server, ending: Ending | undefined): Sign {
  return status === 'LAUNCHED' && ending !== undefined
    ? { type: 'stopped', label: words.ended[ending] }
    : SERVER_STATUS[status];
}

const { serverColumns: titles } = words;

export const serverColumns: TableProps.ColumnDefinition<ServerRow>[] = [
  {
    id: 'name',
    header: titles.name,
    isRowHeader: true,
    minWidth: 160,
    sortingField: 'name',
    cell: ({ server }) => <ServerName server={server} />,
  },
  { id: 'wave', header: titles.wave, minWidth: 95, sortingField: 'wave', cell: ({ wave }) => <OutsideText>{wave}</OutsideText> },
  {
    id: 'status',
    header: titles.status,
    minWidth: 130,
    sortingField: 'status',
    cell: StatusAndPhase,
  },
  {
    id: 'remarks',
    header: titles.remarks,
    minWidth: 170,
    cell: ({ server }) => <Remarks server={server} />,
  },
  {
    id: 'instance',
    header: titles.instance,
    minWidth: 180,
    cell: InstanceOf,
  },
  {
    id: 'point',
    header: titles.point,
    minWidth: 110,
    cell: ({ server }) =>
      server.recoveryInstance?.recoveryPointAt == null ? (
        common.none
      ) : (
        <RelativeTime time={server.recoveryInstance.recoveryPointAt} />
      ),
  },
];

function StatusAndPhase({ server, ending, phase }: ServerRow) {
  return (
    <>
      <Status sign={signOf(server, ending)} />
      {server.phase !== null && (
        <Box variant="small" display="block">
          {phase}
        </Box>
      )}
    </>
  );
}

/** The address of a machine that is gone is nobody's any more. */
function InstanceOf({ server, ending }: ServerRow) {
  const { recoveryInstance, recoveryInstanceId } = server;
  if (recoveryInstanceId === null) {
    return common.none;
  }
  const facts =
    ending === undefined
      ? [ec2Words(recoveryInstance?.ec2State), ...(recoveryInstance?.privateIps ?? [])]
      : [words.ending[ending]];
  return (
    <>
      {recoveryInstanceId}
      <Box variant="small" display="block">
        {facts.filter((fact) => fact !== '').join(', ')}
      </Box>
    </>
  );
}

function Remarks({ server }: { server: Server }) {
  const remarks = remarksOf(server);
  if (server.error === null && remarks.length === 0) {
    return common.none;
  }
  return (
    <>
      {server.error !== null && (
        <div>
          <SentenceText whole={<WholeOfServer server={server} />}>{capitalised(server.error)}</SentenceText>
        </div>
      )}
      {remarks.length > 0 && <SentenceText>{remarks.join(' ')}</SentenceText>}
    </>
  );
}

function remarksOf(server: Server): string[] {
  const warnings = new Map<string, string>(Object.entries(words.warning));
  return [
    ...server.warnings.map((code) => warnings.get(code) ?? capitalised(code)),
    ...(server.late ? [words.late] : []),
    ...(server.attempts > 1 ? [words.attempts(server.attempts)] : []),
    ...(server.carriedOverFrom === null ? [] : [words.carriedOver(server.carriedOverFrom)]),
    ...(server.passedTo === null ? [] : [words.passedTo(server.passedTo)]),
    ...(server.replacedBy === null ? [] : [words.replacedBy(server.replacedBy)]),
  ];
}

const property: FilterPropertyOf<ServerRow> = filterProperty;

export const serverFiltering = [
  property('name', titles.name),
  property('id', titles.id),
  property('wave', titles.wave),
  property('status', titles.status),
  property('phase', titles.phase),
  property('instance', titles.instance),
];
