import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { common } from '../text/common';
import type { Filtering } from './CollectionTable';

type Properties = {
  /** What can be chosen of the rows that the filter leaves, on whatever page they are. */
  matching: readonly string[];
  filtering: Filtering;
  /** What is chosen of, such as `server`. */
  noun: string;
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
};

/** The box over the rows chooses one page; these choose what stands on all of them. */
export function ChoiceButtons({ matching, filtering, noun, chosen, onChange }: Properties) {
  const label = filtering === 'FILTERED' ? common.selectMatching : common.selectAll;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button
        disabled={chosen.length === 0}
        onClick={() => {
          onChange([]);
        }}
      >
        {common.selectNone}
      </Button>
      <Button
        disabled={matching.length === 0}
        onClick={() => {
          onChange([...new Set([...chosen, ...matching])]);
        }}
      >
        {label(matching.length, noun)}
      </Button>
    </SpaceBetween>
  );
}
