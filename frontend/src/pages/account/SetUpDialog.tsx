import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import { AuthenticatorKey } from '../../auth/AuthenticatorKey';
import { codeOf, isCode } from '../../auth/code';
import { CodeField } from '../../auth/CodeField';
import type { SetUp } from '../../auth/second-factor';
import { useSubmission } from '../../auth/submission';
import { CommandDialog } from '../../components/CommandDialog';
import { EnterForm } from '../../components/EnterForm';
import { account } from '../../text/account';

type Properties = { email: string; setUp: SetUp; onDone: () => void; onClose: () => void };

/** Shows the key and takes the code that proves it. Closed without a code, nothing has changed. */
export function SetUpDialog({ email, setUp, onDone, onClose }: Properties) {
  const [code, setCode] = useState('');
  const submission = useSubmission(() => setUp.prove(codeOf(code)), onDone);
  const confirm = () => {
    submission.submit(isCode(code));
  };
  return (
    <CommandDialog
      title={account.setUpTitle}
      confirm={account.confirmCode}
      command={{ ...submission, isError: submission.error !== undefined }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <EnterForm onEnter={confirm}>
        <SpaceBetween size="m">
          <Box>{account.setUpText}</Box>
          <AuthenticatorKey email={email} secret={setUp.secret} />
          <Box color="text-body-secondary">{account.setUpOnce}</Box>
          <CodeField value={code} isTried={submission.isTried} onChange={setCode} />
        </SpaceBetween>
      </EnterForm>
    </CommandDialog>
  );
}
