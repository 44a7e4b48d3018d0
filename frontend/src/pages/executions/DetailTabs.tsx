import Container from '@cloudscape-design/components/container';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { lazy, Suspense, type ReactNode } from 'react';
import { useSearchParams } from 'react-router';

import type { Execution } from '../../api/types';
import { common } from '../../text/common';
import { page as words } from '../../text/executions';
import { Servers } from './Servers';

const TimelineTab = lazy(() => import('./TimelineTab'));
const JobsTab = lazy(() => import('./JobsTab'));
const LogTab = lazy(() => import('./LogTab'));

const TABS = ['servers', 'timeline', 'jobs', 'log'] as const;
type Tab = (typeof TABS)[number];

type Properties = { execution: Execution; dataUpdatedAt: number };

/** What there is to look at in detail; only what is open is loaded, and the address says which. */
export function DetailTabs({ execution, dataUpdatedAt }: Properties) {
  const [search, setSearch] = useSearchParams();
  const asked = search.get('tab');
  const active = TABS.find((tab) => tab === asked) ?? 'servers';
  const contents: Record<Tab, () => ReactNode> = {
    servers: () => <Servers waves={execution.waves} />,
    timeline: () => <TimelineTab execution={execution} dataUpdatedAt={dataUpdatedAt} />,
    jobs: () => <JobsTab execution={execution} />,
    log: () => <LogTab execution={execution} />,
  };
  return (
    <Container>
      <Tabs
        ariaLabel={words.tabsLabel}
        activeTabId={active}
        onChange={({ detail }) => {
          setSearch({ tab: detail.activeTabId }, { replace: true });
        }}
        tabs={TABS.map((tab) => ({
          id: tab,
          label: words.tabs[tab],
          content:
            tab === active ? (
              <Suspense
                fallback={
                  <span role="status">
                    <Spinner /> {common.loading}
                  </span>
                }
              >
                {contents[tab]()}
              </Suspense>
            ) : null,
        }))}
      />
    </Container>
  );
}
