import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState, type ReactNode } from 'react';

import { isSameName } from '../lib/same-name';
import { common } from '../text/common';
import { dialogs } from '../text/dialogs';
import { CommandDialog, type Command } from './CommandDialog';

type Properties = {
  title: string;
  name: string;
  consequences: ReactNode;
  command: Command;
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks for the name of what is deleted, and says what goes with it. */
export function DeleteDialog(properties: Properties) {
  const { title, name, consequences, command, onConfirm, onClose } = properties;
  const [typed, setTyped] = useState('');
  const [isTried, setIsTried] = useState(false);
  const isRight = isSameName(typed, name);
  return (
    <CommandDialog
      title={title}
      confirm={common.delete}
      command={command}
      onClose={onClose}
      onConfirm={() => {
        setIsTried(true);
        if (isRight) {
          onConfirm();
        }
      }}
    >
      <SpaceBetween size="m">
        <Alert type="warning">{consequences}</Alert>
        <FormField
          label={dialogs.typeName(name)}
          errorText={isTried && !isRight ? dialogs.nameDiffers : ''}
        >
          <Input
            value={typed}
            autoComplete={false}
            onChange={({ detail }) => {
              setTyped(detail.value);
            }}
          />
        </FormField>
      </SpaceBetween>
    </CommandDialog>
  );
}
