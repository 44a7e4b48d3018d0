import { useNavigate } from 'react-router';

import type { Execution } from '../../api/types';
import { isContinuable, isPassedOn } from '../../components/continuing';
import { useMissing } from '../../components/permissions';
import { ReasonedButton } from '../../components/ReasonedButton';
import { paths } from '../../paths';
import { takeOver as words } from '../../text/take-over';

/** From a recovery that ended too early to the start of one that carries on with what is up. */
export function ContinueButton({ execution }: { execution: Execution }) {
  const navigate = useNavigate();
  const missing = useMissing('run-recoveries');
  const { kind, status, recoveryPlanId, executionId } = execution;
  if (kind !== 'RECOVERY' || !isContinuable(status)) {
    return null;
  }
  return (
    <ReasonedButton
      variant="primary"
      reason={missing ?? (isPassedOn(execution) ? words.continuedAlready : undefined)}
      onClick={() => void navigate(paths.continueRecovery(recoveryPlanId, executionId))}
    >
      {words.continueCommand}
    </ReasonedButton>
  );
}
