import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';

import type { Execution } from '../../api/types';
import { isContinuable } from '../../components/continuing';
import { useMissing } from '../../components/permissions';
import { ReasonedButton } from '../../components/ReasonedButton';
import { paths } from '../../paths';
import { recentExecutionsQuery } from '../../queries/executions';
import { useServices } from '../../services';
import { takeOver as words } from '../../text/take-over';

/** From a recovery that ended too early to the start of one that carries on with what is up. */
export function ContinueButton({ execution }: { execution: Execution }) {
  const { kind, status } = execution;
  return kind === 'RECOVERY' && isContinuable(status) ? <Continue execution={execution} /> : null;
}

/** Only the newest recovery of a plan is carried on with: a later one may have its servers. */
function Continue({ execution: { recoveryPlanId, executionId } }: { execution: Execution }) {
  const { api } = useServices();
  const navigate = useNavigate();
  const missing = useMissing('run-recoveries');
  const last = useQuery(recentExecutionsQuery(api, { kind: 'RECOVERY', recoveryPlanId }, 1));
  const newest = last.data?.items[0]?.executionId ?? executionId;
  return (
    <ReasonedButton
      variant="primary"
      reason={missing ?? (newest === executionId ? undefined : words.continuedAlready)}
      onClick={() => void navigate(paths.continueRecovery(recoveryPlanId, executionId))}
    >
      {words.continueCommand}
    </ReasonedButton>
  );
}
