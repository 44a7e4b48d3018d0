import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { ConfigurationError } from './configuration';
import { sentence } from './api/error';

/** All that is shown when the console does not know which stack it belongs to. */
export function ConfigurationFault({ error }: { error: unknown }) {
  const faults = error instanceof ConfigurationError ? error.faults : [sentence(error)];
  return (
    <main>
      <title>Configuration fault – DRS Orchestration</title>
      <Box padding="xxl">
        <SpaceBetween size="l">
          <Box variant="h1">The console cannot start</Box>
          <Alert type="error" header="Its configuration cannot be used">
            <ul>
              {faults.map((fault) => (
                <li key={fault}>{fault}</li>
              ))}
            </ul>
          </Alert>
          <Box>
            The configuration is written when the stack is created or updated. Deploy the stack
            again, then load this page again.
          </Box>
        </SpaceBetween>
      </Box>
    </main>
  );
}
