import type { Execution } from '../../../api/types';
import { CancelDialog } from './CancelDialog';
import type { OpenedDialog } from './open-dialog';
import { ResolveDialog } from './ResolveDialog';
import { ResumeDialog } from './ResumeDialog';
import { RetryDialog } from './RetryDialog';
import { SkipDialog } from './SkipDialog';
import { TerminateDialog } from './TerminateDialog';

type Properties = { execution: Execution; opened: OpenedDialog | undefined; onClose: () => void };

/** The dialog that is open, if any. */
export function Dialogs({ execution, opened, onClose }: Properties) {
  switch (opened?.action) {
    case undefined:
      return null;
    case 'resume':
      return <ResumeDialog execution={execution} holdIds={opened.holdIds} onClose={onClose} />;
    case 'retry':
      return <RetryDialog execution={execution} waveKey={opened.waveKey} onClose={onClose} />;
    case 'skip':
      return <SkipDialog execution={execution} waveKey={opened.waveKey} onClose={onClose} />;
    case 'cancel':
      return <CancelDialog execution={execution} giveUpOn={opened.giveUpOn} onClose={onClose} />;
    case 'resolve':
      return <ResolveDialog execution={execution} holdId={opened.holdId} onClose={onClose} />;
    case 'terminateInstances':
      return <TerminateDialog execution={execution} onClose={onClose} />;
  }
}
