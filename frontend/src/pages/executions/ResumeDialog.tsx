import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea, { type TextareaProps } from '@cloudscape-design/components/textarea';
import { useRef, useState } from 'react';

import type { Execution, Hold } from '../../api/types';
import { RelativeTime } from '../../components/RelativeTime';
import { CommandDialog } from '../../components/CommandDialog';
import { useCommand } from '../../queries/commands';
import { HOLD_TYPE } from '../../components/status-words';
import { waveName } from './wave-names';

type Properties = { execution: Execution; onClose: () => void };

/** Opens exactly the holds that the person chose. */
export function ResumeDialog({ execution, onClose }: Properties) {
  const { holds } = execution;
  const [chosen, setChosen] = useState<readonly string[]>(() =>
    holds.length === 1 ? holds.map((hold) => hold.holdId) : [],
  );
  const [comment, setComment] = useState('');
  const [isTried, setIsTried] = useState(false);
  const commentInput = useRef<TextareaProps.Ref>(null);
  const command = useCommand(execution.executionId);
  const opened = holds.filter((hold) => chosen.includes(hold.holdId));
  const faults = faultsOf(opened, comment);
  const confirm = () => {
    setIsTried(true);
    if (faults.holds === '' && faults.comment === '') {
      const holdIds = opened.map((hold) => hold.holdId);
      command.mutate(
        { action: 'resume', holdIds, comment: comment.trim() },
        { onSuccess: onClose },
      );
    } else if (faults.holds === '') {
      commentInput.current?.focus();
    }
  };
  return (
    <CommandDialog
      title="Resume execution"
      confirm="Resume"
      dismiss="Cancel"
      command={command}
      onClose={onClose}
      onConfirm={confirm}
    >
      <SpaceBetween size="m">
        <FormField
          label="What goes on"
          description="Everything else keeps waiting."
          errorText={isTried ? faults.holds : ''}
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
          label="Comment"
          description="Required when a failure is passed over: the wave stays failed, and what depends on it may start."
          errorText={isTried ? faults.comment : ''}
        >
          <Textarea
            ref={commentInput}
            value={comment}
            rows={2}
            onChange={({ detail }) => {
              setComment(detail.value);
            }}
          />
        </FormField>
      </SpaceBetween>
    </CommandDialog>
  );
}

function HoldLabel({ execution, hold }: { execution: Execution; hold: Hold }) {
  return (
    <>
      {HOLD_TYPE[hold.type]}
      {hold.waveKey != null && ` at ${waveName(execution, hold.waveKey)}`}, since{' '}
      <RelativeTime time={hold.since} />
    </>
  );
}

function faultsOf(opened: readonly Hold[], comment: string) {
  const passesFailure = opened.some((hold) => hold.type === 'FAILURE');
  return {
    holds: opened.length === 0 ? 'Choose at least one.' : '',
    comment: passesFailure && comment.trim() === '' ? 'Say why it goes on without.' : '',
  };
}
