import Button from '@cloudscape-design/components/button';
import { useState, type ReactNode } from 'react';

import { common } from '../text/common';

/** Longer than this, in Latin letters, a text takes more lines than a row of a table is worth. */
const SHORT = 180;

/** Letters of East Asia take the room of two. */
const WIDE = /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60]/gu;

type Properties = {
  /** The text, by which it is decided whether it is long. */
  text: string;
  /** What the way to the rest is called. */
  more: string;
  /** The text as it is shown. */
  children: ReactNode;
};

/** Three lines of a long text until somebody asks for the rest. */
export function Clamped({ text, more, children }: Properties) {
  const [isOpen, setIsOpen] = useState(false);
  if (roomOf(text) <= SHORT) {
    return children;
  }
  return (
    <>
      <span className={isOpen ? 'whole-text' : 'clamped-text'}>{children}</span>
      <Button
        variant="inline-link"
        ariaExpanded={isOpen}
        onClick={() => {
          setIsOpen(!isOpen);
        }}
      >
        {isOpen ? common.showLess : more}
      </Button>
    </>
  );
}

function roomOf(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0);
}
