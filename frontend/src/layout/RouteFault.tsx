import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { useRouteError } from 'react-router';

import { plainSentence } from '../api/error';

/**
 * A page that could not be loaded or shown. The usual cause is a new console that was
 * published while this one was open: its files are gone, and loading again gets the new ones.
 */
export function RouteFault() {
  const error = useRouteError();
  const reload = (
    <Button
      onClick={() => {
        window.location.reload();
      }}
    >
      Load again
    </Button>
  );
  return (
    <main>
      <title>Fault – DRS Orchestration</title>
      <Box padding="xxl">
        <Box variant="h1" padding={{ bottom: 'l' }}>
          This page cannot be shown
        </Box>
        <Alert type="error" action={reload}>
          {plainSentence(error)} If a new version of the console was published just now, loading the
          page again helps.
        </Alert>
      </Box>
    </main>
  );
}
