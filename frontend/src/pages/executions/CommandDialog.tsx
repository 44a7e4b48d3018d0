import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

import { sentence } from '../../api/error';
import type { useCommand } from './queries';

type Properties = {
  title: string;
  confirm: string;
  dismiss: string;
  command: Pick<ReturnType<typeof useCommand>, 'isPending' | 'isError' | 'error'>;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
};

/** A dialog that sends a command, and stays open with the server's sentence when it is refused. */
export function CommandDialog(properties: Properties) {
  const { title, confirm, dismiss, command, onConfirm, onClose, children } = properties;
  return (
    <Modal
      visible
      header={title}
      onDismiss={onClose}
      closeAriaLabel="Close"
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {dismiss}
            </Button>
            <Button variant="primary" loading={command.isPending} onClick={onConfirm}>
              {confirm}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {children}
        {command.isError && <Alert type="error">{sentence(command.error)}</Alert>}
      </SpaceBetween>
    </Modal>
  );
}
