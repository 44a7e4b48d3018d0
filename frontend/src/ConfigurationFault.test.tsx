import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';

import { ConfigurationError } from './configuration';
import { ConfigurationFault } from './ConfigurationFault';

it('names every fault of the configuration', () => {
  render(<ConfigurationFault error={new ConfigurationError(['region is missing.', 'b.'])} />);
  expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('cannot start');
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
    'region is missing.',
    'b.',
  ]);
});
