import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Button from '@cloudscape-design/components/button';
import { useRef, useState } from 'react';

import { sentence } from '../api/error';
import { useServices } from '../services';
import type { SignInStep } from './cognito';
import { signIn } from './sign-in';
import { useSubmission } from './submission';

/** Email and password. */
export function PasswordForm({ onStep }: { onStep: (step: SignInStep) => void }) {
  const { configuration, userPool } = useServices();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const emailInput = useRef<InputProps.Ref>(null);
  const passwordInput = useRef<InputProps.Ref>(null);
  const submission = useSubmission(
    () => signIn(configuration.signIn, userPool, email.trim(), password),
    onStep,
  );
  const emailFault = submission.isTried && email.trim() === '' ? 'Enter your email.' : '';
  const passwordFault = submission.isTried && password === '' ? 'Enter your password.' : '';
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
            Sign in
          </Button>
        }
        errorText={submission.error === undefined ? '' : sentence(submission.error)}
      >
        <SpaceBetween size="m">
          <FormField stretch label="Email" errorText={emailFault}>
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
          <FormField stretch label="Password" errorText={passwordFault}>
            <Input
              ref={passwordInput}
              type="password"
              autoComplete="current-password"
              value={password}
              onChange={({ detail }) => {
                setPassword(detail.value);
              }}
            />
          </FormField>
        </SpaceBetween>
      </Form>
    </form>
  );
}
