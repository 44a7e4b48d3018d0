import Header from '@cloudscape-design/components/header';

import { OutsideText } from '../../../components/OutsideText';

/** The heading of what is chosen for one wave. */
export function WaveHeading({ name }: { name: string }) {
  return (
    <Header variant="h2">
      <OutsideText>{name}</OutsideText>
    </Header>
  );
}
