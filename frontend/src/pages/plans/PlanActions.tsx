import SpaceBetween from '@cloudscape-design/components/space-between';
import { useNavigate } from 'react-router';

import type { Kind, RecoveryPlan } from '../../api/types';
import { useMissing } from '../../queries/permissions';
import { ReasonedButton } from '../../components/ReasonedButton';
import { paths } from '../../paths';
import { common } from '../../text/common';
import { plans as words } from '../../text/plans';

export type PlanAction = Kind | 'DELETE';

type Properties = { plan: RecoveryPlan; onAction: (action: PlanAction) => void };

/** What can be done with a plan; the real thing and the drill are two buttons. */
export function PlanActions({ plan, onAction }: Properties) {
  const navigate = useNavigate();
  const edit = useMissing('edit-plans');
  const button = (action: PlanAction, label: string, reason: string | undefined) => (
    <ReasonedButton
      variant={action === 'DRILL' ? 'primary' : 'normal'}
      reason={reason}
      onClick={() => {
        onAction(action);
      }}
    >
      {label}
    </ReasonedButton>
  );
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {button('DELETE', common.delete, edit)}
      <ReasonedButton
        reason={edit}
        onClick={() => void navigate(paths.editPlan(plan.recoveryPlanId))}
      >
        {common.edit}
      </ReasonedButton>
      {button('RECOVERY', words.startRecovery, useMissing('run-recoveries'))}
      {button('DRILL', words.startDrill, useMissing('run-drills'))}
    </SpaceBetween>
  );
}
