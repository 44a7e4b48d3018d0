import Alert from '@cloudscape-design/components/alert';
import type { UseSuspenseInfiniteQueryResult, UseSuspenseQueryResult } from '@tanstack/react-query';

import { sentence } from '../api/error';
import { RelativeTime } from './RelativeTime';
import { MarkedText } from './SentenceText';

type Query = Pick<
  UseSuspenseQueryResult | UseSuspenseInfiniteQueryResult,
  'dataUpdatedAt' | 'isRefetchError' | 'failureCount' | 'error' | 'failureReason'
>;

/** How old is what the page shows; while the server cannot be asked, a warning with the reason. */
export function Freshness({ query }: { query: Query }) {
  if (query.isRefetchError || query.failureCount > 0) {
    return (
      <Alert type="warning" header="This is not up to date">
        Shown is what the server said <RelativeTime time={query.dataUpdatedAt} />.{' '}
        <MarkedText>{sentence(query.error ?? query.failureReason)}</MarkedText> The console keeps trying.
      </Alert>
    );
  }
  return null;
}
