import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { capitalised } from '../../api/error';
import type { Execution, JobLogEntry } from '../../api/types';
import { CollectionTable } from '../../components/CollectionTable';
import { filterProperty } from '../../components/filter-property';
import { RefusalAlert } from '../../components/RefusalAlert';
import { absoluteTime } from '../../lib/time';
import { jobLogsQuery } from '../../queries/job-logs';
import { useServices } from '../../services';
import { common } from '../../text/common';
import { jobEventWords } from '../../text/event-words';
import { page as words } from '../../text/executions';

type Row = { id: string; time: string; at: string; server: string; event: string; job: string; detail: string };

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
        { id: 'server', header: titles.server, minWidth: 120, cell: (row) => row.server },
        { id: 'event', header: titles.event, isRowHeader: true, minWidth: 180, cell: (row) => row.event },
        { id: 'job', header: titles.job, minWidth: 200, cell: (row) => row.job },
        { id: 'detail', header: titles.detail, minWidth: 220, cell: (row) => row.detail },
      ]}
      empty={words.jobsEmpty}
    />
  );
}

function rowsOf(execution: Execution, entries: readonly JobLogEntry[]): Row[] {
  const hostnames = new Map(
    execution.waves
      .flatMap((wave) => wave.servers)
      .map((server) => [server.sourceServerId, server.hostname ?? server.sourceServerId]),
  );
  return entries
    .map((entry, index): Row => {
      const { at, event, jobId, sourceServerId } = entry;
      return {
        id: index.toString(),
        at: at ?? '',
        time: at === null ? common.none : absoluteTime(at),
        server:
          sourceServerId === null ? common.none : (hostnames.get(sourceServerId) ?? sourceServerId),
        event: jobEventWords[event] ?? event,
        job: jobId,
        detail: detailOf(entry) || common.none,
      };
    })
    .sort((one, other) => other.at.localeCompare(one.at));
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
