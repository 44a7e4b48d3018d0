import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Form from '@cloudscape-design/components/form';
import type { InputProps } from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useRef, useState } from 'react';

import { plainSentence } from '../api/error';
import { auth } from '../text/auth';
import { AuthenticatorKey } from './AuthenticatorKey';
import { codeOf, isCode } from './code';
import { CodeField } from './CodeField';
import type { SignInStep } from './cognito';
import { PasswordField } from './PasswordField';
import { useSubmission } from './submission';

type Challenge = Exclude<SignInStep, { kind: 'DONE' }>;

const WORDS: Record<Challenge['kind'], string> = {
  SET_UP: auth.setUpFactor,
  NEW_PASSWORD: auth.passwordOnce,
  CODE: auth.secondFactor,
};

type Properties = { challenge: Challenge; onStep: (step: SignInStep) => void; onBack: () => void };

/** The one question that stands between the password and the session. */
export function ChallengeForm({ challenge, onStep, onBack }: Properties) {
  const [value, setValue] = useState('');
  const input = useRef<InputProps.Ref>(null);
  const isPassword = challenge.kind === 'NEW_PASSWORD';
  const isComplete = isPassword ? value !== '' : isCode(value);
  const submission = useSubmission(
    () => challenge.answer(isPassword ? value : codeOf(value)),
    onStep,
  );
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isComplete) {
          input.current?.focus();
        }
        submission.submit(isComplete);
      }}
    >
      <Form
        secondaryActions={
          <Button variant="link" formAction="none" onClick={onBack}>
            {auth.back}
          </Button>
        }
        actions={
          <Button variant="primary" loading={submission.isPending}>
            {auth.continue}
          </Button>
        }
        errorText={submission.error === undefined ? '' : plainSentence(submission.error)}
      >
        <SpaceBetween size="m">
          <Box>{WORDS[challenge.kind]}</Box>
          {challenge.kind === 'SET_UP' && (
            <AuthenticatorKey email={challenge.email} secret={challenge.secret} />
          )}
          {isPassword ? (
            <PasswordField
              purpose="NEW"
              isFirst
              input={input}
              value={value}
              fault={submission.isTried && value === '' ? auth.enterNewPassword : ''}
              onChange={setValue}
            />
          ) : (
            <CodeField isFirst input={input} value={value} isTried={submission.isTried} onChange={setValue} />
          )}
        </SpaceBetween>
      </Form>
    </form>
  );
}
