import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useRef, useState } from 'react';

import { sentence } from '../api/error';
import type { SignInStep } from './cognito';
import { useSubmission } from './submission';

type Challenge = Exclude<SignInStep, { kind: 'DONE' }>;

const WORDS = {
  NEW_PASSWORD: {
    text: 'The password you were given works once. Choose one of your own.',
    label: 'New password',
    missing: 'Enter a new password.',
    autoComplete: 'new-password',
    type: 'password',
  },
  CODE: {
    text: 'This account has a second factor.',
    label: 'Code from your authenticator',
    missing: 'Enter the code.',
    autoComplete: 'one-time-code',
    type: 'text',
  },
} as const;

type Properties = { challenge: Challenge; onStep: (step: SignInStep) => void };

/** The one question that stands between the password and the session. */
export function ChallengeForm({ challenge, onStep }: Properties) {
  const [value, setValue] = useState('');
  const input = useRef<InputProps.Ref>(null);
  const words = WORDS[challenge.kind];
  const submission = useSubmission(() => challenge.answer(value), onStep);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (value === '') {
          input.current?.focus();
        }
        submission.submit(value !== '');
      }}
    >
      <Form
        actions={
          <Button variant="primary" loading={submission.isPending}>
            Continue
          </Button>
        }
        errorText={submission.error === undefined ? '' : sentence(submission.error)}
      >
        <SpaceBetween size="m">
          <Box>{words.text}</Box>
          <FormField
            stretch
            label={words.label}
            errorText={submission.isTried && value === '' ? words.missing : ''}
          >
            <Input
              ref={input}
              type={words.type}
              autoComplete={words.autoComplete}
              autoFocus
              value={value}
              onChange={({ detail }) => {
                setValue(detail.value);
              }}
            />
          </FormField>
        </SpaceBetween>
      </Form>
    </form>
  );
}
