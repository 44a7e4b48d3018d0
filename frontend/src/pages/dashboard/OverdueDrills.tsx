import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';

import type { RecoveryPlan } from '../../api/types';
import { InternalLink } from '../../components/InternalLink';
import { Status } from '../../components/Status';
import { paths } from '../../paths';
import { dashboard as words } from '../../text/dashboard';

type Properties = {
  overdue: readonly RecoveryPlan[];
  planCount: number;
  /** How many drills were looked at, where these were not all. */
  lookedAt: number | undefined;
};

/** Plans of which nobody knows lately that they work. */
export function OverdueDrills({ overdue, planCount, lookedAt }: Properties) {
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
      {overdue.length === 0 ? (
        planCount === 0 ? (
          words.noPlans
        ) : (
          <Status sign={{ type: 'success', label: words.overdueNone }} />
        )
      ) : (
        <SpaceBetween size="xs">
          {lookedAt !== undefined && <Box>{words.overdueUnsure(lookedAt)}</Box>}
          {overdue.map((plan) => (
            <InternalLink key={plan.recoveryPlanId} href={paths.plan(plan.recoveryPlanId)}>
              {plan.name}
            </InternalLink>
          ))}
        </SpaceBetween>
      )}
    </Container>
  );
}
