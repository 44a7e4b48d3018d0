import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useRef, useState } from 'react';

import type { Execution, Hold } from '../../../api/types';
import { CommandDialog } from '../../../components/CommandDialog';
import { RelativeTime } from '../../../components/RelativeTime';
import { useFocusOnFault } from '../../../lib/focus-on-fault';
import { HOLD_TYPE } from '../../../text/status-words';
import { useCommand } from '../../../queries/commands';
import { commands as words } from '../../../text/executions';
import { waveName } from '../wave-names';

type Properties = { execution: Execution; holdIds: readonly string[]; onClose: () => void };

/** Opens exactly the holds that the person chose. */
export function ResumeDialog({ execution, holdIds, onClose }: Properties) {
  // A doubt is not resumed but resolved.
  const holds = execution.holds.filter((hold) => hold.type !== 'UNDECIDED');
  const [chosen, setChosen] = useState<readonly string[]>(() =>
    holds.length === 1 ? holds.map((hold) => hold.holdId) : holdIds,
  );
  const [comment, setComment] = useState('');
  const [tried, setTried] = useState(0);
  const content = useRef<HTMLDivElement>(null);
  const command = useCommand(execution.executionId);
  useFocusOnFault(content, tried === 0 ? undefined : tried);
  const opened = holds.filter((hold) => chosen.includes(hold.holdId));
  const passesFailure = opened.some((hold) => hold.type === 'FAILURE');
  const faults = {
    holds: opened.length === 0 ? words.resume.choose : '',
    comment: passesFailure && comment.trim() === '' ? words.reasonMissing : '',
  };
  const confirm = () => {
    setTried((times) => times + 1);
    if (faults.holds === '' && faults.comment === '') {
      command.mutate(
        {
          action: 'resume',
          holdIds: opened.map((hold) => hold.holdId),
          comment: comment.trim(),
        },
        { onSuccess: onClose },
      );
    }
  };
  return (
    <CommandDialog
      title={words.resume.title}
      confirm={words.resume.button}
      dismiss={words.goBack}
      command={command}
      onClose={onClose}
      onConfirm={confirm}
    >
      <div ref={content}>
        <SpaceBetween size="m">
          <FormField
            label={words.resume.what}
            description={words.resume.rest}
            errorText={tried > 0 ? faults.holds : ''}
          >
            {holds.map((hold) => (
              <Checkbox
                key={hold.holdId}
                checked={chosen.includes(hold.holdId)}
                onChange={({ detail }) => {
                  const others = chosen.filter((id) => id !== hold.holdId);
                  setChosen(detail.checked ? [...others, hold.holdId] : others);
                }}
              >
                <HoldLabel execution={execution} hold={hold} />
              </Checkbox>
            ))}
          </FormField>
          <FormField
            label={words.comment}
            description={passesFailure ? words.commentFailure : words.commentOptional}
            errorText={tried > 0 ? faults.comment : ''}
          >
            <Textarea
              value={comment}
              rows={2}
              onChange={({ detail }) => {
                setComment(detail.value);
              }}
            />
          </FormField>
        </SpaceBetween>
      </div>
    </CommandDialog>
  );
}

function HoldLabel({ execution, hold }: { execution: Execution; hold: Hold }) {
  return (
    <>
      {HOLD_TYPE[hold.type]}
      {hold.waveKey !== null && ` at ${waveName(execution, hold.waveKey)}`}, since{' '}
      <RelativeTime time={hold.since} />
    </>
  );
}
