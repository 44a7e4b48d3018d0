import Box from '@cloudscape-design/components/box';

import { regionText } from '../../../text/region';
import { start as words } from '../../../text/plans';
import type { Outlook } from './outlook';

/** How many servers, in which account and Region. */
export function Where({ outlook, waveCount }: { outlook: Outlook; waveCount: number }) {
  return (
    <div>
      <Box variant="h3" padding="n">
        {words.where}
      </Box>
      {outlook.places.length === 0 ? (
        words.noServers
      ) : (
        <ul>
          {outlook.places.map(({ region, accountId, count }) => (
            <li key={`${accountId} ${region}`}>
              {words.whereLine(count, accountId, regionText(region))}
            </li>
          ))}
        </ul>
      )}
      {words.inWaves(waveCount)}
    </div>
  );
}
