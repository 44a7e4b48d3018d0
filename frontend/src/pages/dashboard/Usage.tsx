import ProgressBar from '@cloudscape-design/components/progress-bar';

import { dashboard as words } from '../../text/dashboard';

type Properties = { used: number; limit: number; label: string };

/** How much of a quota is used, as a number and as a bar. */
export function Usage({ used, limit, label }: Properties) {
  return (
    <ProgressBar
      value={limit === 0 ? 0 : Math.min(100, (100 * used) / limit)}
      additionalInfo={words.usage(used, limit)}
      ariaLabel={`${label}: ${words.usage(used, limit)}`}
    />
  );
}
