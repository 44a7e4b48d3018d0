import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState, type ReactNode } from 'react';

import { plainSentence } from '../api/error';
import { useServices } from '../services';
import { auth } from '../text/auth';
import { forgetPassword, resetPassword } from './cognito';
import { PasswordField } from './PasswordField';
import { useSubmission } from './submission';

type Properties = { onBack: (wasReset: boolean) => void };

/** A new password by a code that is sent to the email. */
export function ForgottenPasswordForm({ onBack }: Properties) {
  const [email, setEmail] = useState('');
  const [isSent, setIsSent] = useState(false);
  return isSent ? (
    <ResetForm email={email.trim()} onBack={onBack} />
  ) : (
    <RequestForm
      email={email}
      onEmail={setEmail}
      onBack={onBack}
      onSent={() => {
        setIsSent(true);
      }}
    />
  );
}

type RequestProperties = Properties & {
  email: string;
  onEmail: (email: string) => void;
  onSent: () => void;
};

function RequestForm({ email, onEmail, onBack, onSent }: RequestProperties) {
  const { userPool } = useServices();
  const submission = useSubmission(() => forgetPassword(userPool, email.trim()), onSent);
  const isMissing = email.trim() === '';
  return (
    <StepForm
      text={auth.forgottenText}
      action={auth.sendCode}
      submission={submission}
      isComplete={!isMissing}
      onBack={onBack}
    >
      <FormField
        stretch
        label={auth.email}
        errorText={submission.isTried && isMissing ? auth.enterEmail : ''}
      >
        <Input
          type="email"
          autoComplete="username"
          autoFocus
          value={email}
          onChange={({ detail }) => {
            onEmail(detail.value);
          }}
        />
      </FormField>
    </StepForm>
  );
}

function ResetForm({ email, onBack }: Properties & { email: string }) {
  const { userPool } = useServices();
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const submission = useSubmission(
    () => resetPassword(userPool, email, code.trim(), password),
    () => {
      onBack(true);
    },
  );
  const faultOf = (value: string, fault: string) =>
    submission.isTried && value.trim() === '' ? fault : '';
  return (
    <StepForm
      text={auth.resetText(email)}
      action={auth.resetPassword}
      submission={submission}
      isComplete={code.trim() !== '' && password !== ''}
      onBack={onBack}
    >
      <FormField stretch label={auth.mailedCode} errorText={faultOf(code, auth.enterCode)}>
        <Input
          autoComplete="one-time-code"
          autoFocus
          value={code}
          onChange={({ detail }) => {
            setCode(detail.value);
          }}
        />
      </FormField>
      <PasswordField
        purpose="NEW"
        value={password}
        fault={faultOf(password, auth.enterNewPassword)}
        onChange={setPassword}
      />
    </StepForm>
  );
}

type StepProperties = Properties & {
  text: string;
  action: string;
  submission: ReturnType<typeof useSubmission>;
  isComplete: boolean;
  children: ReactNode;
};

function StepForm({ text, action, submission, isComplete, onBack, children }: StepProperties) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submission.submit(isComplete);
      }}
    >
      <Form
        secondaryActions={
          <Button
            variant="link"
            formAction="none"
            onClick={() => {
              onBack(false);
            }}
          >
            {auth.back}
          </Button>
        }
        actions={
          <Button variant="primary" loading={submission.isPending}>
            {action}
          </Button>
        }
        errorText={submission.error === undefined ? '' : plainSentence(submission.error)}
      >
        <SpaceBetween size="m">
          <Box>{text}</Box>
          {children}
        </SpaceBetween>
      </Form>
    </form>
  );
}
