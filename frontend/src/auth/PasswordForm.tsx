import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Button from '@cloudscape-design/components/button';
import { useRef, useState } from 'react';

import { plainSentence } from '../api/error';
import { useServices } from '../services';
import { auth } from '../text/auth';
import type { SignInStep } from './cognito';
import { PasswordField } from './PasswordField';
import { signIn } from './sign-in';
import { useSubmission } from './submission';

type Properties = { onStep: (step: SignInStep) => void; onForgotten: () => void };

/** Email and password. */
export function PasswordForm({ onStep, onForgotten }: Properties) {
  const { configuration, userPool } = useServices();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const emailInput = useRef<InputProps.Ref>(null);
  const passwordInput = useRef<InputProps.Ref>(null);
  const submission = useSubmission(
    () => signIn(configuration.signIn, userPool, email.trim(), password),
    onStep,
  );
  const emailFault = submission.isTried && email.trim() === '' ? auth.enterEmail : '';
  const passwordFault = submission.isTried && password === '' ? auth.enterPassword : '';
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const faulty =
          email.trim() === '' ? emailInput : password === '' ? passwordInput : undefined;
        faulty?.current?.focus();
        submission.submit(faulty === undefined);
      }}
    >
      <Form
        actions={
          <Button variant="primary" loading={submission.isPending}>
            {auth.signIn}
          </Button>
        }
        secondaryActions={
          <Button variant="link" formAction="none" onClick={onForgotten}>
            {auth.forgotten}
          </Button>
        }
        errorText={submission.error === undefined ? '' : plainSentence(submission.error)}
      >
        <SpaceBetween size="m">
          <FormField stretch label={auth.email} errorText={emailFault}>
            <Input
              ref={emailInput}
              type="email"
              inputMode="email"
              autoComplete="username"
              autoFocus
              value={email}
              onChange={({ detail }) => {
                setEmail(detail.value);
              }}
            />
          </FormField>
          <PasswordField
            purpose="CURRENT"
            input={passwordInput}
            value={password}
            fault={passwordFault}
            onChange={setPassword}
          />
        </SpaceBetween>
      </Form>
    </form>
  );
}
