import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

import type { Fault } from '../api/error';
import { common } from '../text/common';
import { RefusalAlert } from './RefusalAlert';

/** How a command that a dialog sends is getting on. */
export type Command = { isPending: boolean; isError: boolean; error: unknown };

type Properties = {
  title: string;
  confirm: string;
  dismiss?: string;
  size?: 'medium' | 'large';
  command: Command;
  /** The faults that no field of the dialog shows; left out, all. */
  faults?: readonly Fault[];
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
};

/** A dialog that sends a command, and stays open with the server's sentence when it is refused. */
export function CommandDialog(properties: Properties) {
  const { title, confirm, dismiss, size, command, faults, onConfirm, onClose } = properties;
  return (
    <Modal
      visible
      header={title}
      size={size ?? 'medium'}
      onDismiss={onClose}
      closeAriaLabel={common.close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {dismiss ?? common.cancel}
            </Button>
            <Button
              variant="primary"
              loading={command.isPending}
              loadingText={common.beingSent}
              onClick={onConfirm}
            >
              {confirm}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {properties.children}
        {command.isError && (
          <RefusalAlert error={command.error} {...(faults === undefined ? {} : { faults })} />
        )}
      </SpaceBetween>
    </Modal>
  );
}
