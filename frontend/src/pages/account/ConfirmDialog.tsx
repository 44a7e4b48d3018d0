import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import { codeOf, isCode } from '../../auth/code';
import { CodeField } from '../../auth/CodeField';
import { PasswordField } from '../../auth/PasswordField';
import { confirmPerson } from '../../auth/second-factor';
import { useSubmission } from '../../auth/submission';
import { CommandDialog } from '../../components/CommandDialog';
import { EnterForm } from '../../components/EnterForm';
import { useServices } from '../../services';
import { account } from '../../text/account';
import { auth } from '../../text/auth';

type Properties = {
  purpose: 'TURN_OFF' | 'REPLACE';
  email: string;
  /** What is done once it is sure who asks. */
  perform: () => Promise<void>;
  onClose: () => void;
};

/** Asks for password and code before anything about the second factor is weakened. */
export function ConfirmDialog({ purpose, email, perform, onClose }: Properties) {
  const services = useServices();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const submission = useSubmission(
    async () => {
      await confirmPerson(services, email, password, codeOf(code));
      await perform();
    },
    () => undefined,
  );
  const confirm = () => {
    submission.submit(password !== '' && isCode(code));
  };
  return (
    <CommandDialog
      title={account.confirmTitle[purpose]}
      confirm={account.confirm[purpose]}
      command={{ ...submission, isError: submission.error !== undefined }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <EnterForm onEnter={confirm}>
        <SpaceBetween size="m">
          <Box>{account.confirmText[purpose]}</Box>
          <PasswordField
            purpose="CURRENT"
            value={password}
            fault={submission.isTried && password === '' ? auth.enterPassword : ''}
            onChange={setPassword}
          />
          <CodeField value={code} isTried={submission.isTried} onChange={setCode} />
          <Box color="text-body-secondary">{account.lost}</Box>
        </SpaceBetween>
      </EnterForm>
    </CommandDialog>
  );
}
