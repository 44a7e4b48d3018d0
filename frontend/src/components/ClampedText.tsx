import Button from '@cloudscape-design/components/button';
import { useState } from 'react';

import { common } from '../text/common';
import { OutsideText } from './OutsideText';

/** Longer than this, in Latin letters, a text takes more lines than a row of a table is worth. */
const SHORT = 180;

/** Letters of East Asia take the room of two. */
const WIDE = /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60]/gu;

type Properties = { children: string };

/** Text from outside of which a long one takes three lines until somebody asks for the rest. */
export function ClampedText({ children }: Properties) {
  const [isWhole, setIsWhole] = useState(false);
  if (roomOf(children) <= SHORT) {
    return <OutsideText>{children}</OutsideText>;
  }
  return (
    <>
      <span className={isWhole ? 'whole-text' : 'clamped-text'}>
        <OutsideText>{children}</OutsideText>
      </span>
      <Button
        variant="inline-link"
        ariaExpanded={isWhole}
        onClick={() => {
          setIsWhole(!isWhole);
        }}
      >
        {isWhole ? common.showLess : common.showWhole}
      </Button>
    </>
  );
}

function roomOf(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0);
}
