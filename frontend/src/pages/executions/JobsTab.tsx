import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { capitalised } from '../../api/error';
import type { Execution, JobLogEntry } from '../../api/types';
import { ClampedText } from '../../components/ClampedText';
import { CollectionTable } from '../../components/CollectionTable';
import { filterProperty } from '../../components/filter-property';
import { RefusalAlert } from '../../components/RefusalAlert';
import { serverText, type Named } from '../../components/server-name';
import { ServerName } from '../../components/ServerName';
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
  detail: string;
};

const PAGE_SIZE = 25;
const titles = words.jobColumns;

/** What DRS wrote about the jobs, the newest first. */
export default function JobsTab({ execution }: { execution: Execution }) {
  const { api } = useServices();
  const query = useQuery(jobLogsQuery(api, execution));
  const rows = useMemo(() => rowsOf(execution, query.data ?? []), [execution, query.data]);
  if (query.error !== null && query.data === undefined) {
    return <RefusalAlert error={query.error} />;
  }
  return (
    <CollectionTable<Row>
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
        { id: 'at', header: titles.at, minWidth: 190, cell: (row) => row.time },
        { id: 'server', header: titles.server, minWidth: 180, cell: ServerOf },
        { id: 'event', header: titles.event, isRowHeader: true, minWidth: 180, cell: (row) => row.event },
        { id: 'job', header: titles.job, minWidth: 200, cell: (row) => row.job },
        { id: 'detail', header: titles.detail, minWidth: 220, cell: (row) => <ClampedText>{row.detail}</ClampedText> },
      ]}
      empty={words.jobsEmpty}
    />
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
        detail: detailOf(entry) || common.none,
      };
    })
    .sort((one, other) => other.at.localeCompare(one.at));
}

function ServerOf({ named }: Row) {
  return named === undefined ? common.none : <ServerName server={named} />;
}

function detailOf(entry: JobLogEntry): string {
  return [
    entry.error === null ? '' : capitalised(entry.error),
    entry.attempt === null ? '' : words.attemptOf(entry.attempt, entry.attemptsMax),
    entry.targetInstanceId === null ? '' : words.instanceIs(entry.targetInstanceId),
    entry.conversionServerId === null ? '' : words.converter(entry.conversionServerId),
  ]
    .filter((text) => text !== '')
    .join(', ');
}
