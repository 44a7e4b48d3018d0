import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';

import { hasCode } from '../../../api/error';
import { faultsOf } from '../../../api/faults';
import { RefusalAlert } from '../../../components/RefusalAlert';
import { plans } from '../../../text/plans';
import { stepOf } from './steps';

/** Why the plan was not saved, above the fields that tell their own faults. */
export function SaveFault({ error, onReload }: { error: unknown; onReload: () => void }) {
  if (error === null) {
    return null;
  }
  return (
    <Box margin={{ bottom: 'l' }}>
      {hasCode(error, 'STALE_VERSION') ? (
        <Alert type="warning" action={<Button onClick={onReload}>{plans.reload}</Button>}>
          {plans.stale}
        </Alert>
      ) : (
        <RefusalAlert
          error={error}
          faults={faultsOf(error).filter((fault) => stepOf(fault) === undefined)}
        />
      )}
    </Box>
  );
}
