import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useRef, useState } from 'react';

import { sentence } from '../api/error';
import { CopyableId } from '../components/CopyableId';
import { auth } from '../text/auth';
import type { SignInStep } from './cognito';
import { useSubmission } from './submission';

type Challenge = Exclude<SignInStep, { kind: 'DONE' }>;

const WORDS = {
  SET_UP: {
    text: auth.setUpFactor,
    label: auth.code,
    missing: auth.enterCode,
    autoComplete: 'one-time-code',
    type: 'text',
  },
  NEW_PASSWORD: {
    text: auth.passwordOnce,
    label: auth.newPassword,
    missing: auth.enterNewPassword,
    autoComplete: 'new-password',
    type: 'password',
  },
  CODE: {
    text: auth.secondFactor,
    label: auth.code,
    missing: auth.enterCode,
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
            {auth.continue}
          </Button>
        }
        errorText={submission.error === undefined ? '' : sentence(submission.error)}
      >
        <SpaceBetween size="m">
          <Box>{words.text}</Box>
          {challenge.kind === 'SET_UP' && (
            <FormField label={auth.secret}>
              <CopyableId id={challenge.secret} />
            </FormField>
          )}
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
