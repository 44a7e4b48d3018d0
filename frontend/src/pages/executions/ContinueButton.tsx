import { useNavigate } from 'react-router';

import type { Execution } from '../../api/types';
import { isContinuable } from '../../api/continuing';
import { ReasonedButton } from '../../components/ReasonedButton';
import { paths } from '../../paths';
import { takeOver as words } from '../../text/take-over';
import { reasonOfContinuing } from './allowed';

/** From a recovery that ended too early to the start of one that carries on with what is up. */
export function ContinueButton({ execution }: { execution: Execution }) {
  const { kind, status, recoveryPlanId, executionId } = execution;
  const navigate = useNavigate();
  return kind === 'RECOVERY' && isContinuable(status) ? (
    <ReasonedButton
      variant="primary"
      reason={reasonOfContinuing(execution)}
      onClick={() => void navigate(paths.continueRecovery(recoveryPlanId, executionId))}
    >
      {words.continueCommand}
    </ReasonedButton>
  ) : null;
}
