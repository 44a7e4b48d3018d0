/** What DRS writes about the jobs of an execution: each job's log by itself, each entry read once. */
import { queryOptions, type QueryClient } from '@tanstack/react-query';

import { unwrap, type ApiClient } from '../api/client';
import type { Execution, JobLogEntry } from '../api/types';
import { executionKeys, logPage, LOG_MS, pace } from './executions';

const LAST_WORDS: readonly string[] = ['JOB_END', 'JOB_CANCEL'];
const LOGS_AT_ONCE = 3;

type Log = { pages: { token: string | null; items: JobLogEntry[] }[] };
type Logs = Record<string, Log>;

/**
 * The logs, the oldest job first. To a log entries are only ever added: a further look reads the
 * last page of it again and what came after, and nothing of a job that has said its last word.
 */
export function jobLogsQuery(api: ApiClient, execution: Execution) {
  const { executionId } = execution;
  const queryKey = executionKeys.jobLogs(executionId);
  const jobIds = jobsOf(execution);
  return queryOptions({
    queryKey,
    queryFn: async ({ signal, client }: { signal: AbortSignal; client: QueryClient }) => {
      const known = client.getQueryData<Logs>(queryKey) ?? {};
      const read = jobIds.map(async (jobId): Promise<[string, Log]> => {
        const log = known[jobId];
        return [jobId, isOver(log) ? log : await goOn(log, jobId, signal)];
      });
      return Object.fromEntries(await Promise.all(read));
    },
    select: entriesOfAll,
    refetchInterval: ({ state }) => {
      const open = jobIds.filter((jobId) => !isOver(state.data?.[jobId]));
      return pace(execution) === false ? false : paceOfLogs(open.length);
    },
  });

  async function goOn(log: Log | undefined, jobId: string, signal: AbortSignal): Promise<Log> {
    const pages = [...(log?.pages ?? [])];
    let token = pages.pop()?.token ?? null;
    for (;;) {
      const page = await unwrap(
        api.GET('/executions/{executionId}/job-logs', {
          params: { path: { executionId }, query: { ...logPage(token), jobId } },
          signal,
        }),
      );
      pages.push({ token, items: page.items });
      if (page.nextToken == null) {
        return { pages };
      }
      token = page.nextToken;
    }
  }
}

/**
 * How soon logs are read again, so many of which are still open: on average three in five seconds.
 * DRS runs twenty jobs at once, and consoles that ask for each so often are refused by the firewall
 * when many stand behind one address (decision 14).
 */
export function paceOfLogs(open: number): number {
  return LOG_MS * Math.max(1, Math.ceil(open / LOGS_AT_ONCE));
}

/** Launches in the order of their start, then the jobs of the clean-up. */
function jobsOf({ waves, cleanUp }: Execution): string[] {
  const launches = waves
    .flatMap(({ jobs }) => jobs)
    .sort((one, other) => one.startedAt.localeCompare(other.startedAt));
  return [...new Set([...launches, ...cleanUp.jobs].map(({ jobId }) => jobId))];
}

function entriesOfAll(logs: Logs): JobLogEntry[] {
  return Object.values(logs).flatMap(entriesOf);
}

function entriesOf({ pages }: Log): JobLogEntry[] {
  return pages.flatMap(({ items }) => items);
}

function isOver(log: Log | undefined): log is Log {
  return log !== undefined && entriesOf(log).some(({ event }) => LAST_WORDS.includes(event));
}
