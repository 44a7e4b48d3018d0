import Container from '@cloudscape-design/components/container';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { lazy, Suspense, useEffect, useRef, type ReactNode } from 'react';
import { useLocation, useSearchParams } from 'react-router';

import type { Execution } from '../../api/types';
import { common } from '../../text/common';
import { page as words } from '../../text/executions';
import { Servers } from './Servers';
import { POINTED_AT } from './WholeText';

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
    servers: () => <Servers waves={execution.waves} cleanUp={execution.cleanUp} />,
    timeline: () => <TimelineTab execution={execution} dataUpdatedAt={dataUpdatedAt} />,
    jobs: () => <JobsTab execution={execution} />,
    log: () => <LogTab execution={execution} />,
  };
  const box = useFocusWhenPointedAt(active);
  return (
    <div ref={box} tabIndex={-1}>
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
    </div>
  );
}

/** Who follows a link to a part of this page is brought to it, wherever on the page it stands. */
function useFocusWhenPointedAt(active: Tab) {
  const box = useRef<HTMLDivElement>(null);
  const location = useLocation();
  const { key } = location;
  const state: unknown = location.state;
  useEffect(() => {
    if (state === POINTED_AT) {
      box.current?.focus();
    }
  }, [key, state, active]);
  return box;
}
