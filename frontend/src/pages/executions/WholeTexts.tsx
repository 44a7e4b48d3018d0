import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';

import { SentenceText } from '../../components/SentenceText';
import { sentence } from '../../api/error';
import type { Execution } from '../../api/types';
import { executionServersQuery } from '../../queries/execution-servers';
import { useServices } from '../../services';
import { common } from '../../text/common';
import { wholeTexts as words } from '../../text/executions';
import { withWholeTexts } from './whole-texts';

/** The execution, and where its texts are short, the offer to read the whole ones. */
export function useWholeTexts(execution: Execution): { execution: Execution; offer: ReactNode } {
  const { api } = useServices();
  const [isAsked, setIsAsked] = useState(false);
  const { executionId, version, shortened } = execution;
  const query = useQuery({
    ...executionServersQuery(api, executionId, version),
    enabled: isAsked && shortened,
    // Of an execution that moves, what was read before is still the text of most servers.
    placeholderData: (before) => before,
  });
  const { data, error, isFetching } = query;
  const whole = useMemo(
    () => (data === undefined ? execution : withWholeTexts(execution, data)),
    [execution, data],
  );
  if (!shortened) {
    return { execution, offer: null };
  }
  const read = () => {
    if (isAsked) {
      void query.refetch();
    } else {
      setIsAsked(true);
    }
  };
  const isRead = data !== undefined;
  const offer = isRead ? null : (
    <Alert
      type={error === null ? 'info' : 'error'}
      header={error === null ? words.title : words.failed}
      action={
        <Button loading={isFetching} loadingText={common.loading} onClick={read}>
          {error === null ? words.button : common.tryAgain}
        </Button>
      }
    >
      {error === null ? words.text : <SentenceText>{sentence(error)}</SentenceText>}
    </Alert>
  );
  return { execution: whole, offer };
}
