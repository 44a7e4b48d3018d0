import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import { memo } from 'react';

import { capitalised } from '../../api/error';
import type { CleanUpInstance, Execution } from '../../api/types';
import { CollectionTable } from '../../components/CollectionTable';
import { filterProperty, type FilterPropertyOf } from '../../lib/filter-property';
import { OutsideText } from '../../components/OutsideText';
import { MarkedText, SentenceText } from '../../components/SentenceText';
import { nameOf } from '../../lib/server-name';
import { ServerName } from '../../components/ServerName';
import { Status } from '../../components/Status';
import { CLEAN_UP_INSTANCE_STATUS, CLEAN_UP_STATUS } from '../../text/status-words';
import { withoutMarks } from '../../lib/marks';
import { common } from '../../text/common';
import { page as words } from '../../text/executions';
import { WholeInLog } from './WholeText';

const GONE: readonly string[] = ['TERMINATED', 'ALREADY_GONE'];

type Row = CleanUpInstance & { hostname: string | null; name: string; said: string };

const titles = words.cleanUpColumns;
const COLUMNS: TableProps.ColumnDefinition<Row>[] = [
  {
    id: 'instance',
    header: titles.instance,
    isRowHeader: true,
    minWidth: 200,
    cell: (row) => row.recoveryInstanceId,
  },
  { id: 'server', header: titles.server, minWidth: 180, cell: (row) => <ServerName server={row} /> },
  {
    id: 'status',
    header: titles.status,
    cell: (row) => <Status sign={CLEAN_UP_INSTANCE_STATUS[row.status]} />,
  },
  {
    id: 'reason',
    header: titles.reason,
    minWidth: 220,
    cell: (row) => <SentenceText whole={<WholeInLog />}>{row.reason === null ? common.none : capitalised(row.reason)}</SentenceText>,
  },
];
const property: FilterPropertyOf<Row> = filterProperty;
const FILTERING = [
  property('recoveryInstanceId', titles.instance),
  property('name', titles.server),
  property('sourceServerId', titles.id),
  property('said', titles.reason),
];

function rowsOf({ cleanUp, waves }: Execution): Row[] {
  const servers = waves.flatMap((wave) => wave.servers);
  const hostnames = new Map(servers.map(({ sourceServerId, hostname }) => [sourceServerId, hostname]));
  return cleanUp.instances.map((instance) => {
    const hostname = hostnames.get(instance.sourceServerId) ?? null;
    const { sourceServerId, reason } = instance;
    return {
      ...instance,
      hostname,
      name: nameOf({ sourceServerId, hostname }),
      said: reason === null ? common.none : withoutMarks(capitalised(reason)),
    };
  });
}

/** The clean-up of a drill, instance by instance, to its end. */
export const CleanUpSection = memo(function CleanUpSection({ execution }: { execution: Execution }) {
  const { cleanUp } = execution;
  if (cleanUp.status === 'NOT_STARTED') {
    return null;
  }
  const gone = cleanUp.instances.filter(({ status }) => GONE.includes(status)).length;
  const total = cleanUp.instances.length;
  const rows = rowsOf(execution);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={
            cleanUp.initiatedBy === null ? undefined : (
              <OutsideText>{words.cleanUpBy(cleanUp.initiatedBy)}</OutsideText>
            )
          }
          actions={<Status sign={CLEAN_UP_STATUS[cleanUp.status]} />}
        >
          {words.cleanUp}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {total > 0 && (
          <ProgressBar
            value={(100 * gone) / total}
            label={words.cleanUpLabel}
            additionalInfo={words.cleanUpProgress(gone, total)}
          />
        )}
        {cleanUp.reason !== null && (
          <Box data-testid="clean-up-reason">
            <MarkedText>{capitalised(cleanUp.reason)}</MarkedText>
          </Box>
        )}
        <CollectionTable<Row>
          label={words.cleanUpInstances}
          headingTag="h3"
          variant="embedded"
          filter="WHEN_LONG"
          items={rows}
          idOf={(row) => row.recoveryInstanceId}
          columns={COLUMNS}
          filtering={FILTERING}
          filterPlaceholder={words.filterInstances}
          empty={words.cleanUpNone}
        />
      </SpaceBetween>
    </Container>
  );
});
