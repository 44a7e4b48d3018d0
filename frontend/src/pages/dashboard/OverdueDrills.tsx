import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { InternalLink } from '../../components/InternalLink';
import { OutsideText } from '../../components/OutsideText';
import { RelativeTime } from '../../components/RelativeTime';
import { Status } from '../../components/Status';
import { paths } from '../../paths';
import { dashboard as words } from '../../text/dashboard';
import type { Overdue } from './history';

const SHOWN = 8;

type Properties = { overdue: readonly Overdue[]; planCount: number };

/** Plans of which nobody knows lately that they work. */
export function OverdueDrills({ overdue, planCount }: Properties) {
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={`(${overdue.length.toString()})`}
          description={words.overdueText}
        >
          {words.overdue}
        </Header>
      }
    >
      {overdue.length === 0 ? <NoneOverdue planCount={planCount} /> : <List overdue={overdue} />}
    </Container>
  );
}

function NoneOverdue({ planCount }: { planCount: number }) {
  return planCount === 0 ? (
    words.noPlans
  ) : (
    <Status sign={{ type: 'success', label: words.overdueNone }} />
  );
}

function List({ overdue }: { overdue: readonly Overdue[] }) {
  return (
    <SpaceBetween size="xs">
      {overdue.slice(0, SHOWN).map(({ plan, lastCompletedDrill }) => (
        <div key={plan.recoveryPlanId}>
          <InternalLink href={paths.plan(plan.recoveryPlanId)}>
            <OutsideText>{plan.name}</OutsideText>
          </InternalLink>{' '}
          <Box variant="small">
            {lastCompletedDrill === null ? (
              words.overdueNever
            ) : (
              <>
                {words.overdueLast} <RelativeTime time={lastCompletedDrill.endedAt} />
              </>
            )}
          </Box>
        </div>
      ))}
      {overdue.length > SHOWN && (
        <InternalLink href={paths.plans()}>{words.overdueMore(overdue.length - SHOWN)}</InternalLink>
      )}
    </SpaceBetween>
  );
}
