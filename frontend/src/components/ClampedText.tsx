import { common } from '../text/common';
import { Clamped } from './Clamped';
import { OutsideText } from './OutsideText';

/** Text that people wrote, of which a long one takes three lines until somebody asks for the rest. */
export function ClampedText({ children }: { children: string }) {
  return (
    <Clamped text={children} more={common.showWhole}>
      <OutsideText>{children}</OutsideText>
    </Clamped>
  );
}
