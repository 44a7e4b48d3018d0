import Box from '@cloudscape-design/components/box';
import { Fragment, type ReactNode } from 'react';

import { isCut, partsOf } from '../lib/marks';
import { visible } from '../lib/shown';
import { common } from '../text/common';
import { Clamped } from './Clamped';

type Properties = {
  children: string;
  /** Where more of a text is that came cut; left out where nothing has more of it. */
  whole?: ReactNode;
};

/**
 * A sentence of the API: what it sets between backticks is code, a long one takes three lines until
 * somebody asks for the rest, and one that the API has cut says so.
 */
export function SentenceText({ children, whole }: Properties) {
  const isShort = isCut(children);
  return (
    <>
      <Clamped text={children} more={isShort ? common.showKept : common.showWhole}>
        <MarkedText>{children}</MarkedText>
      </Clamped>
      {isShort && (
        <Box variant="small" display="block">
          {common.cut} {whole ?? common.cutForGood}
        </Box>
      )}
    </>
  );
}

/** The same without room for more than the sentence. */
export function MarkedText({ children }: { children: string }) {
  return (
    <bdi className="outside-text">
      {partsOf(visible(children)).map(({ text, kind }, index) =>
        kind === 'CODE' ? <code key={index}>{text}</code> : <Fragment key={index}>{text}</Fragment>,
      )}
    </bdi>
  );
}
