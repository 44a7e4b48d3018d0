import Button from '@cloudscape-design/components/button';
import Grid from '@cloudscape-design/components/grid';
import Pagination from '@cloudscape-design/components/pagination';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useSuspenseInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';

import type { ExecutionStatus } from '../../api/types';
import { EmptyState } from '../../components/EmptyState';
import { Freshness } from '../../components/Freshness';
import { LoadBoundary } from '../../components/LoadBoundary';
import { Page } from '../../layout/Page';
import { useServices } from '../../services';
import { executionsQuery } from '../../queries/executions';
import { EXECUTION_STATUS, isExecutionStatus } from '../../components/status-words';
import { columns } from './table';

const TITLE = 'Executions';
const ANY_STATUS = { value: '', label: 'Any status' };
const STATUS_OPTIONS = [
  ANY_STATUS,
  ...Object.entries(EXECUTION_STATUS).map(([value, { label }]) => ({ value, label })),
];

/** All drills and recoveries, newest first. */
export default function ExecutionsPage() {
  const [search, setSearch] = useSearchParams();
  const given = search.get('status');
  const status = isExecutionStatus(given) ? given : undefined;
  return (
    <LoadBoundary title={TITLE} subject={status ?? ''}>
      <ExecutionList
        status={status}
        onStatusChange={(next) => {
          setSearch(next === '' ? {} : { status: next });
        }}
      />
    </LoadBoundary>
  );
}

type Properties = {
  status: ExecutionStatus | undefined;
  onStatusChange: (status: string) => void;
};

function ExecutionList({ status, onStatusChange }: Properties) {
  const { api } = useServices();
  const query = useSuspenseInfiniteQuery(executionsQuery(api, status === undefined ? {} : { status }));
  const [turned, setTurned] = useState({ status, page: 1 });
  const { pages } = query.data;
  // Another filter is another list, and a list can lose pages while it is open.
  const current = turned.status === status ? Math.min(turned.page, pages.length) : 1;
  const turnTo = async (page: number) => {
    if (page > pages.length) {
      await query.fetchNextPage();
    }
    setTurned({ status, page });
  };
  return (
    <Page title={TITLE} description="Every drill and recovery, the newest first.">
      <SpaceBetween size="l">
        <Freshness query={query} />
        <Table
          variant="container"
          columnDefinitions={columns}
          items={pages[current - 1]?.items ?? []}
          trackBy="executionId"
          loading={query.isFetchingNextPage}
          loadingText="Loading executions"
          ariaLabels={{ tableLabel: TITLE }}
          enableKeyboardNavigation
          filter={<StatusFilter status={status} onChange={onStatusChange} />}
          pagination={
            <Pagination
              currentPageIndex={current}
              pagesCount={pages.length}
              openEnd={query.hasNextPage}
              onChange={({ detail }) => void turnTo(detail.currentPageIndex)}
              ariaLabels={{
                paginationLabel: 'Pages of executions',
                previousPageLabel: 'Previous page',
                nextPageLabel: 'Next page',
                pageLabel: (page) => `Page ${page.toString()}`,
              }}
            />
          }
          empty={
            status === undefined ? (
              <EmptyState title="No executions yet">
                A drill or a recovery appears here as soon as it is started.
              </EmptyState>
            ) : (
              <EmptyState
                title="No executions match"
                action={
                  <Button
                    onClick={() => {
                      onStatusChange('');
                    }}
                  >
                    Clear filter
                  </Button>
                }
              >
                There is no execution with the status {EXECUTION_STATUS[status].label}.
              </EmptyState>
            )
          }
        />
      </SpaceBetween>
    </Page>
  );
}

type FilterProperties = {
  status: ExecutionStatus | undefined;
  onChange: (status: string) => void;
};

function StatusFilter({ status, onChange }: FilterProperties) {
  const selected = STATUS_OPTIONS.find(({ value }) => value === status) ?? ANY_STATUS;
  return (
    <Grid gridDefinition={[{ colspan: { default: 12, xs: 6, m: 4 } }]}>
      <Select
        inlineLabelText="Status"
        options={STATUS_OPTIONS}
        selectedOption={selected}
        onChange={({ detail }) => {
          onChange(detail.selectedOption.value ?? '');
        }}
      />
    </Grid>
  );
}
