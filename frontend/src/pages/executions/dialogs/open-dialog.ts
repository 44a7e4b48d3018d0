/** Which dialog of an execution is open, and what it begins with. */

export type OpenedDialog =
  | { action: 'resume'; holdIds: readonly string[] }
  | { action: 'retry'; waveKey: string | undefined }
  | { action: 'skip'; waveKey: string | undefined }
  | { action: 'cancel'; giveUpOn: readonly string[] }
  | { action: 'resolve'; holdId: string | undefined }
  | { action: 'terminateInstances' };

export type OpenDialog = (dialog: OpenedDialog) => void;
