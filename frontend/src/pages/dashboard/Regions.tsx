import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useQueries, useSuspenseQuery } from '@tanstack/react-query';

import { sentence } from '../../api/error';
import type { Quotas } from '../../api/types';
import { regionText } from '../../text/region';
import { SentenceText } from '../../components/SentenceText';
import { Status } from '../../components/Status';
import { quotasQuery, sourceServersQuery, type Discovered } from '../../queries/drs';
import { groupsQuery } from '../../queries/groups';
import { useServices } from '../../services';
import { common } from '../../text/common';
import { dashboard as words } from '../../text/dashboard';
import { groups as groupWords } from '../../text/groups';
import { Usage } from './Usage';

type Row = {
  region: string;
  accountId: string | undefined;
  servers: Discovered | undefined;
  quotas: Quotas | undefined;
  error: unknown;
};

/** Replication and quotas in each account and Region that groups are in. */
export function Regions() {
  const rows = useRows();
  return (
    <Table
      items={rows}
      trackBy={({ region, accountId }) => `${accountId ?? ''} ${region}`}
      wrapLines
      ariaLabels={{ tableLabel: words.regions }}
      header={
        <Header variant="h2" description={words.regionsText}>
          {words.regions}
        </Header>
      }
      columnDefinitions={[
        {
          id: 'region',
          header: words.region,
          isRowHeader: true,
          minWidth: 140,
          cell: (row) => regionText(row.region),
        },
        {
          id: 'account',
          header: groupWords.columns.account,
          minWidth: 120,
          cell: (row) => row.accountId ?? row.quotas?.accountId ?? common.none,
        },
        {
          id: 'replication',
          header: words.replication,
          minWidth: 245,
          cell: (row) => <Replication row={row} />,
        },
        usageColumn('jobs', words.jobs, ({ usage, limits }) => [usage.concurrentJobs, limits.concurrentJobs]),
        usageColumn('inJobs', words.inJobs, ({ usage, limits }) => [usage.serversInAllJobs, limits.serversInAllJobs]),
        usageColumn('replicating', words.replicating, ({ usage, limits }) => [usage.replicatingServers, limits.replicatingServers]),
      ]}
    />
  );
}

function usageColumn(id: string, header: string, pick: (quotas: Quotas) => readonly [number, number]) {
  return {
    id,
    header,
    minWidth: 110,
    cell: ({ quotas }: Row) => {
      if (quotas === undefined) {
        return common.none;
      }
      const [used, limit] = pick(quotas);
      return <Usage used={used} limit={limit} label={header} />;
    },
  };
}

function Replication({ row: { servers, error } }: { row: Row }) {
  if (servers === undefined) {
    return error === undefined ? (
      <Status sign={{ type: 'loading', label: common.loading }} />
    ) : (
      <>
        <Status sign={{ type: 'error', label: words.unreadable }} /> <SentenceText>{sentence(error)}</SentenceText>
      </>
    );
  }
  if (!servers.initialized) {
    return <Status sign={{ type: 'stopped', label: words.notInitialised }} />;
  }
  const healthy = servers.items.filter(({ recoverability }) => recoverability === 'READY').length;
  const other = servers.items.length - healthy;
  if (servers.items.length === 0) {
    return words.noServers;
  }
  return (
    <>
      {healthy > 0 && <Status sign={{ type: 'success', label: words.healthy(healthy) }} />}
      {other > 0 && (
        <div>
          <Status sign={{ type: 'warning', label: words.lagging(other) }} />
        </div>
      )}
    </>
  );
}

/** The console's own Region too, so that there is something before the first group. */
function useRows(): Row[] {
  const { api, configuration } = useServices();
  const { data: groups } = useSuspenseQuery(groupsQuery(api));
  const places = new Map<string, { region: string; accountId?: string }>(
    groups.map(({ region, accountId }) => [`${accountId} ${region}`, { region, accountId }]),
  );
  if (![...places.values()].some(({ region }) => region === configuration.region)) {
    places.set(configuration.region, { region: configuration.region });
  }
  const list = [...places.values()];
  const servers = useQueries({ queries: list.map((place) => sourceServersQuery(api, place)) });
  const quotas = useQueries({ queries: list.map((place) => quotasQuery(api, place)) });
  return list.map(({ region, accountId }, index) => ({
    region,
    accountId,
    servers: servers[index]?.data,
    quotas: quotas[index]?.data,
    error: servers[index]?.error ?? quotas[index]?.error ?? undefined,
  }));
}
