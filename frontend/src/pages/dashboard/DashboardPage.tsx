import Grid from '@cloudscape-design/components/grid';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';

import { Freshness } from '../../components/Freshness';
import { LoadBoundary } from '../../components/LoadBoundary';
import { Page } from '../../layout/Page';
import { historyQuery, recentExecutionsQuery } from '../../queries/executions';
import { plansQuery } from '../../queries/plans';
import { useServices } from '../../services';
import { common } from '../../text/common';
import { dashboard as words } from '../../text/dashboard';
import { help } from '../../text/shell';
import { ActiveExecutions } from './ActiveExecutions';
import { FailedLately } from './FailedLately';
import { active, DAY_MS, failedLately, overduePlans, weeksOf } from './history';
import { OverdueDrills } from './OverdueDrills';
import { Regions } from './Regions';
import { SuccessChart } from './SuccessChart';

const HISTORY_DAYS = 90;
const HISTORY_MOST = 500;
const RECENT = 100;

/** Where a person begins: what waits for somebody, and what needs care. */
export default function DashboardPage() {
  return (
    <LoadBoundary title={words.title} subject="">
      <Dashboard />
    </LoadBoundary>
  );
}

function Dashboard() {
  const { api } = useServices();
  const recent = useSuspenseQuery(recentExecutionsQuery(api, {}, RECENT));
  return (
    <Page title={words.title} description={words.description} help={help.dashboard}>
      <SpaceBetween size="l">
        <Freshness query={recent} />
        <ActiveExecutions executions={active(recent.data.items)} />
        <Suspense
          fallback={
            <span role="status">
              <Spinner /> {common.loading}
            </span>
          }
        >
          <History now={recent.dataUpdatedAt} />
        </Suspense>
        <Regions />
      </SpaceBetween>
    </Page>
  );
}

/** What has been: it may take long to read, and what runs now does not wait for it. */
function History({ now }: { now: number }) {
  const { api } = useServices();
  // The history begins at a full day, so that it is the same one as long as the page is open.
  const [today] = useState(() => Date.now() - (Date.now() % DAY_MS));
  const since = new Date(today - HISTORY_DAYS * DAY_MS).toISOString();
  const history = useSuspenseQuery(historyQuery(api, since, HISTORY_MOST));
  const plans = useSuspenseQuery(plansQuery(api));
  const { items, isWhole } = history.data;
  const lookedAt = isWhole ? undefined : items.length;
  return (
    <SpaceBetween size="l">
      <Grid
        gridDefinition={[
          { colspan: { default: 12, m: 7 } },
          { colspan: { default: 12, m: 5 } },
        ]}
      >
        <FailedLately executions={failedLately(items, now)} />
        <OverdueDrills
          overdue={overduePlans(plans.data, items, now)}
          planCount={plans.data.length}
          lookedAt={lookedAt}
        />
      </Grid>
      <SuccessChart weeks={weeksOf(items, now)} lookedAt={lookedAt} />
    </SpaceBetween>
  );
}
