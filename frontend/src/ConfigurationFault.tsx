import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect } from 'react';

import { plainSentence } from './api/error';
import { ConfigurationError } from './configuration';
import { useLater } from './lib/now';
import { common } from './text/common';
import { start as words } from './text/shell';

const RETRY_MS = 10_000;

type Properties = { error: unknown; onRetry: () => void };

/** All that is shown when the console does not know which stack it belongs to. */
export function ConfigurationFault({ error, onRetry }: Properties) {
  const isPassing = error instanceof ConfigurationError && error.isPassing;
  const faults = error instanceof ConfigurationError ? error.faults : [plainSentence(error)];
  useRetries(isPassing, error, onRetry);
  return (
    <main>
      <title>{common.pageTitle(words.title)}</title>
      <Box padding="xxl">
        <SpaceBetween size="l">
          <Box variant="h1">{words.heading}</Box>
          <Alert
            type="error"
            header={isPassing ? words.unreachable : words.unusable}
            action={<Button onClick={onRetry}>{words.again}</Button>}
          >
            <ul>
              {faults.map((fault) => (
                <li key={fault}>{fault}</li>
              ))}
            </ul>
          </Alert>
          <Box>{isPassing ? words.unreachableHelp : words.unusableHelp}</Box>
        </SpaceBetween>
      </Box>
    </main>
  );
}

/** Tries again by itself: after a while, and as soon as the browser says that there is a network. */
function useRetries(isPassing: boolean, error: unknown, onRetry: () => void): void {
  // Each failure is an error of its own, after which it waits anew.
  useLater(isPassing ? RETRY_MS : undefined, error, onRetry);
  useEffect(() => {
    if (!isPassing) {
      return undefined;
    }
    window.addEventListener('online', onRetry);
    return () => {
      window.removeEventListener('online', onRetry);
    };
  }, [isPassing, onRetry]);
}
