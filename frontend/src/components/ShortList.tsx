import Button from '@cloudscape-design/components/button';
import { useState, type ReactNode } from 'react';

import { common } from '../text/common';

/** More than this are not read one by one. */
const SHOWN = 10;
/** However often somebody asks for more, the page stays quick. */
const STEP = 100;

type Properties<Item> = {
  items: readonly Item[];
  keyOf: (item: Item) => string;
  render: (item: Item) => ReactNode;
  shown?: number;
  /** Bullets, or just one line below another where there is little room. */
  variant?: 'bullets' | 'lines';
};

/** A list of which a long one shows its first items, and a hundred more at each request. */
export function ShortList<Item>(properties: Properties<Item>) {
  const { items, keyOf, render, shown = SHOWN, variant = 'bullets' } = properties;
  const [most, setMost] = useState(shown);
  const rest = items.length - most;
  return (
    <>
      <ul className={variant === 'lines' ? 'plain-list' : undefined}>
        {items.slice(0, most).map((item) => (
          <li key={keyOf(item)}>{render(item)}</li>
        ))}
      </ul>
      {rest > 0 && (
        <>
          {common.more(rest)}{' '}
          <Button
            variant="inline-link"
            onClick={() => {
              setMost(most + STEP);
            }}
          >
            {common.showMore}
          </Button>
        </>
      )}
    </>
  );
}
