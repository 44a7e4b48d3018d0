import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useRef, useState } from 'react';

import type { Execution } from '../../../api/types';
import { CommandDialog } from '../../../components/CommandDialog';
import { useFocusOnFault } from '../../../lib/focus-on-fault';
import { useCommand } from '../../../queries/commands';
import { commands } from '../../../text/executions';
import { waveName } from '../wave-names';

type Properties = { execution: Execution; holdId: string | undefined; onClose: () => void };

const words = commands.resolve;

/** A person says what became of a launch of which nobody knows. */
export function ResolveDialog({ execution, holdId, onClose }: Properties) {
  const doubts = execution.holds
    .filter((hold) => hold.type === 'UNDECIDED')
    .map((hold) => ({ value: hold.holdId, label: waveName(execution, hold.waveKey ?? '') }));
  const [chosen, setChosen] = useState(holdId ?? doubts[0]?.value);
  const [isJob, setIsJob] = useState(true);
  const [jobId, setJobId] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(0);
  const content = useRef<HTMLDivElement>(null);
  const command = useCommand(execution.executionId);
  useFocusOnFault(content, tried === 0 ? undefined : tried);
  const jobFault = isJob && jobId.trim() === '' ? words.jobMissing : '';
  const reasonFault = !isJob && reason.trim() === '' ? commands.reasonMissing : '';
  return (
    <CommandDialog
      title={words.title}
      confirm={words.button}
      dismiss={commands.goBack}
      command={command}
      onClose={onClose}
      onConfirm={() => {
        setTried((times) => times + 1);
        if (chosen !== undefined && jobFault === '' && reasonFault === '') {
          command.mutate(
            {
              action: 'resolve',
              holdId: chosen,
              jobId: isJob ? jobId.trim() : '',
              reason: reason.trim(),
            },
            { onSuccess: onClose },
          );
        }
      }}
    >
      <div ref={content}>
        <SpaceBetween size="m">
          <div>{words.text}</div>
          <FormField stretch label={words.hold}>
            <Select
              options={doubts}
              selectedOption={doubts.find(({ value }) => value === chosen) ?? null}
              onChange={({ detail }) => {
                setChosen(detail.selectedOption.value);
              }}
            />
          </FormField>
          <FormField stretch label={words.what}>
            <RadioGroup
              value={isJob ? 'JOB' : 'NO_JOB'}
              items={[
                { value: 'JOB', label: words.job, description: words.jobHint },
                { value: 'NO_JOB', label: words.noJob, description: words.noJobHint },
              ]}
              onChange={({ detail }) => {
                setIsJob(detail.value === 'JOB');
              }}
            />
          </FormField>
          {isJob && (
            <FormField stretch label={words.jobId} errorText={tried > 0 ? jobFault : ''}>
              <Input
                value={jobId}
                placeholder="drsjob-"
                onChange={({ detail }) => {
                  setJobId(detail.value);
                }}
              />
            </FormField>
          )}
          <FormField
            stretch
            label={words.reason}
            description={isJob ? commands.reasonOptional : ''}
            errorText={tried > 0 ? reasonFault : ''}
          >
            <Input
              value={reason}
              onChange={({ detail }) => {
                setReason(detail.value);
              }}
            />
          </FormField>
        </SpaceBetween>
      </div>
    </CommandDialog>
  );
}
