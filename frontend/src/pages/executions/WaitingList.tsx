import Box from '@cloudscape-design/components/box';

import { capitalised } from '../../api/error';
import type { Execution } from '../../api/types';
import { RelativeTime } from '../../components/RelativeTime';
import { SentenceText } from '../../components/SentenceText';
import { isEnded, WAITING_FOR_TYPE } from '../../text/status-words';
import { page as words } from '../../text/executions';
import { waveNames, withWaveNames } from './wave-names';
import { WholeInLog } from './WholeText';

/** Everything that is waited for, so that nobody has to guess why nothing happens. */
export function WaitingList({ execution }: { execution: Execution }) {
  const { waitingFor } = execution;
  if (waitingFor.length === 0 && isEnded(execution.status)) {
    return null;
  }
  return (
    <div>
      <Box variant="h3" padding="n">
        {words.waitingFor}
      </Box>
      {waitingFor.length === 0 ? (
        words.waitingUnsaid
      ) : (
        <ul>
          {waitingFor.map((item) => (
            <li key={`${item.type} ${item.detail} ${item.waveKeys.join(' ')}`}>
              <strong>{WAITING_FOR_TYPE[item.type]}</strong>
              {waveNames(execution, item.waveKeys)}: <SentenceText whole={<WholeInLog />}>{capitalised(withWaveNames(execution, item.detail))}</SentenceText>{' '}
              <Box variant="small">
                {words.since} <RelativeTime time={item.since} />
              </Box>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
