import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLocation } from 'react-router';

import { capitalised } from '../../api/error';
import type { Execution, JobLogEntry } from '../../api/types';
import { CollectionTable } from '../../components/CollectionTable';
import { useAddressedFilter } from '../../lib/filter-address';
import { filterProperty } from '../../lib/filter-property';
import { OutsideText } from '../../components/OutsideText';
import { RefusalAlert } from '../../components/RefusalAlert';
import { SentenceText } from '../../components/SentenceText';
import { serverText, type Named } from '../../lib/server-name';
import { ServerName } from '../../components/ServerName';
import { withoutMarks } from '../../lib/marks';
import { visible } from '../../lib/shown';
import { absoluteTime } from '../../lib/time';
import { jobLogsQuery } from '../../queries/job-logs';
import { useServices } from '../../services';
import { common } from '../../text/common';
import { jobEventWords } from '../../text/event-words';
import { page as words } from '../../text/executions';

type Row = {
  id: string;
  time: string;
  at: string;
  named: Named | undefined;
  /** The server in words, for the filter. */
  server: string;
  event: string;
  job: string;
  /** What the entry says without marks, for the filter. */
  detail: string;
  entry: JobLogEntry;
};

const PAGE_SIZE = 25;
const titles = words.jobColumns;

/** What DRS wrote about the jobs, the newest first. */
export default function JobsTab({ execution }: { execution: Execution }) {
  const { api } = useServices();
  const { key } = useLocation();
  const [filter] = useAddressedFilter();
  const query = useQuery(jobLogsQuery(api, execution));
  const rows = useMemo(() => rowsOf(execution, query.data ?? []), [execution, query.data]);
  if (query.error !== null && query.data === undefined) {
    return <RefusalAlert error={query.error} />;
  }
  return (
    <SpaceBetween size="m">
      <UnreadLogs execution={execution} />
      <CollectionTable<Row>
        key={key}
        query={filter}
        label={words.tabs.jobs}
        variant="embedded"
        items={rows}
        idOf={(row) => row.id}
        loading={query.data === undefined}
        pageSize={PAGE_SIZE}
        filterPlaceholder={words.jobsFilter}
        filtering={(['server', 'event', 'job', 'detail'] as const).map((key) =>
          filterProperty(key, titles[key]),
        )}
        columns={[
          { id: 'at', header: titles.at, minWidth: 150, cell: (row) => row.time },
          { id: 'server', header: titles.server, minWidth: 160, cell: ServerOf },
          { id: 'event', header: titles.event, isRowHeader: true, minWidth: 155, cell: (row) => row.event },
          { id: 'job', header: titles.job, minWidth: 160, cell: (row) => row.job },
          { id: 'detail', header: titles.detail, minWidth: 210, cell: (row) => <Detail entry={row.entry} /> },
        ]}
        empty={words.jobsEmpty}
      />
    </SpaceBetween>
  );
}

/** Of which jobs nothing is listed below, and why. */
function UnreadLogs({ execution }: { execution: Execution }) {
  const unread = execution.waves
    .flatMap(({ jobs }) => jobs)
    .filter(({ logError }) => logError !== null);
  if (unread.length === 0) {
    return null;
  }
  return (
    <Alert type="warning" header={words.logsUnread(unread.length)}>
      <ul>
        {unread.map(({ jobId, logError }) => (
          <li key={jobId}>
            <b>{jobId}</b>: <SentenceText>{capitalised(logError ?? '')}</SentenceText>
          </li>
        ))}
      </ul>
    </Alert>
  );
}

function rowsOf(execution: Execution, entries: readonly JobLogEntry[]): Row[] {
  const hostnames = new Map(
    execution.waves
      .flatMap((wave) => wave.servers)
      .map((server) => [server.sourceServerId, server.hostname]),
  );
  return entries
    .map((entry, index): Row => {
      const { at, event, jobId, sourceServerId } = entry;
      const named =
        sourceServerId === null
          ? undefined
          : { sourceServerId, hostname: hostnames.get(sourceServerId) };
      return {
        id: index.toString(),
        at: at ?? '',
        time: at === null ? common.none : absoluteTime(at),
        named,
        server: named === undefined ? common.none : serverText(named),
        event: jobEventWords[event] ?? visible(event),
        job: jobId,
        detail: withoutMarks(detailOf(entry)) || common.none,
        entry,
      };
    })
    .sort((one, other) => other.at.localeCompare(one.at));
}

function ServerOf({ named }: Row) {
  return named === undefined ? common.none : <ServerName server={named} />;
}

function Detail({ entry }: { entry: JobLogEntry }) {
  const { error } = entry;
  const facts = factsOf(entry);
  return (
    <>
      {error !== null && (
        <div>
          <SentenceText whole={words.wholeInDrs}>{capitalised(error)}</SentenceText>
        </div>
      )}
      {facts === '' ? error === null && common.none : <OutsideText>{facts}</OutsideText>}
    </>
  );
}

function detailOf(entry: JobLogEntry): string {
  const error = entry.error === null ? '' : capitalised(entry.error);
  return `${error} ${factsOf(entry)}`.trim();
}

function factsOf(entry: JobLogEntry): string {
  return [
    entry.attempt === null ? '' : words.attemptOf(entry.attempt, entry.attemptsMax),
    entry.targetInstanceId === null ? '' : words.instanceIs(entry.targetInstanceId),
    entry.conversionServerId === null ? '' : words.converter(entry.conversionServerId),
  ]
    .filter((text) => text !== '')
    .join(', ');
}
