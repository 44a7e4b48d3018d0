import Alert from '@cloudscape-design/components/alert';

import type { Execution } from '../../api/types';
import { RelativeTime } from '../../components/RelativeTime';

/** A warning while the product itself cannot see what DRS does. */
export function Observation({ execution }: { execution: Execution }) {
  const { observation, observationError, observedAt } = execution;
  if (observation === 'CURRENT') {
    return null;
  }
  return (
    <Alert
      type={observation === 'FAILING' ? 'error' : 'warning'}
      header={observation === 'FAILING' ? 'DRS cannot be observed' : 'The view of DRS is old'}
    >
      {observedAt == null ? (
        'DRS has not been seen yet.'
      ) : (
        <>
          DRS was last seen <RelativeTime time={observedAt} />.
        </>
      )}{' '}
      {observationError}
    </Alert>
  );
}
