import Button from '@cloudscape-design/components/button';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useSuspenseInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';

import { EmptyState } from '../../components/EmptyState';
import { Freshness } from '../../components/Freshness';
import { LoadBoundary } from '../../components/LoadBoundary';
import { Page } from '../../components/Page';
import { useNow } from '../../lib/now';
import { executionsQuery, type ExecutionFilter } from '../../queries/executions';
import { useServices } from '../../services';
import { common } from '../../text/common';
import { executions as words } from '../../text/executions';
import { help } from '../../text/shell';
import { Filters } from './Filters';
import { filterOf } from './filters';
import { columns } from './table';

/** All drills and recoveries, newest first. */
export default function ExecutionsPage() {
  const [search] = useSearchParams();
  const filter = filterOf(search, useNow());
  const subject = JSON.stringify(filter);
  return (
    <LoadBoundary title={words.title} subject={subject}>
      <ExecutionList filter={filter} subject={subject} />
    </LoadBoundary>
  );
}

type Properties = { filter: ExecutionFilter; subject: string };

function ExecutionList({ filter, subject }: Properties) {
  const { api } = useServices();
  const query = useSuspenseInfiniteQuery(executionsQuery(api, filter));
  const [turned, setTurned] = useState({ subject, page: 1 });
  const { pages } = query.data;
  // Another filter is another list, and a list can lose pages while it is open.
  const current = turned.subject === subject ? Math.min(turned.page, pages.length) : 1;
  const turnTo = async (page: number) => {
    if (page > pages.length) {
      await query.fetchNextPage();
    }
    setTurned({ subject, page });
  };
  return (
    <Page title={words.title} description={words.description} help={help.executions}>
      <SpaceBetween size="l">
        <Freshness query={query} />
        <Table
          variant="container"
          wrapLines
          columnDefinitions={columns}
          items={pages[current - 1]?.items ?? []}
          trackBy="executionId"
          loading={query.isFetchingNextPage}
          loadingText={common.loading}
          ariaLabels={{ tableLabel: words.title }}
          enableKeyboardNavigation
          filter={<Filters />}
          pagination={
            <Pagination
              currentPageIndex={current}
              pagesCount={pages.length}
              openEnd={query.hasNextPage}
              onChange={({ detail }) => void turnTo(detail.currentPageIndex)}
              ariaLabels={common.pagination}
            />
          }
          empty={<Nothing isFiltered={Object.keys(filter).length > 0} />}
        />
      </SpaceBetween>
    </Page>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const [, setSearch] = useSearchParams();
  if (!isFiltered) {
    return <EmptyState title={words.emptyTitle}>{words.emptyText}</EmptyState>;
  }
  return (
    <EmptyState
      title={words.noMatchTitle}
      action={
        <Button
          onClick={() => {
            setSearch({});
          }}
        >
          {common.clearFilter}
        </Button>
      }
    >
      {words.noMatchText}
    </EmptyState>
  );
}
