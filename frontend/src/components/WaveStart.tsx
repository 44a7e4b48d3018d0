import { plans } from '../text/plans';
import { OutsideText } from './OutsideText';

type Properties = {
  dependsOn: readonly string[];
  hasGate: boolean;
  nameOf: (key: string) => string;
};

/** After which waves one starts, and whether a person must open its gate. */
export function WaveStart({ dependsOn, hasGate, nameOf }: Properties) {
  return (
    <>
      <OutsideText>{dependsOn.length === 0 ? plans.atOnce : dependsOn.map(nameOf).join(', ')}</OutsideText>
      {hasGate && <div>{plans.gateYes}</div>}
    </>
  );
}
