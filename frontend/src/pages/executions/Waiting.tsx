import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import TextContent from '@cloudscape-design/components/text-content';

import type { Execution } from '../../api/types';
import { RelativeTime } from '../../components/RelativeTime';
import { isEnded, WAITING_FOR_TYPE } from '../../components/status-words';
import { waveNames } from './wave-names';

/** What the execution waits for, so that nobody has to guess why nothing happens. */
export function Waiting({ execution }: { execution: Execution }) {
  const { waitingFor } = execution;
  if (waitingFor.length === 0) {
    return isEnded(execution.status) ? null : (
      <Container header={<Header variant="h2">Waiting for</Header>}>
        The server does not say what it waits for.
      </Container>
    );
  }
  return (
    <Container header={<Header variant="h2">Waiting for</Header>}>
      <TextContent>
        <ul>
        {waitingFor.map((item) => (
          <li key={`${item.type} ${item.detail}`}>
            <strong>{WAITING_FOR_TYPE[item.type]}</strong>
            {waveNames(execution, item.waveKeys)}: {item.detail} Since{' '}
            <RelativeTime time={item.since} />.
          </li>
        ))}
        </ul>
      </TextContent>
    </Container>
  );
}
