import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';

import { ConfigurationError } from './configuration';
import { ConfigurationFault } from './ConfigurationFault';

const UNUSABLE = new ConfigurationError(['region is missing.', 'b.']);
const UNREACHABLE = new ConfigurationError(['/config.json could not be reached.'], 'PASSING');

afterEach(() => {
  vi.useRealTimers();
});

it('names every fault of the configuration, which stays until somebody mends it', () => {
  vi.useFakeTimers();
  const onRetry = vi.fn();
  render(<ConfigurationFault error={UNUSABLE} onRetry={onRetry} />);
  expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('cannot start');
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
    'region is missing.',
    'b.',
  ]);
  vi.advanceTimersByTime(60_000);
  window.dispatchEvent(new Event('online'));
  expect(onRetry).not.toHaveBeenCalled();
});

it('tries again by a button', async () => {
  const onRetry = vi.fn();
  render(<ConfigurationFault error={UNUSABLE} onRetry={onRetry} />);
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(onRetry).toHaveBeenCalledOnce();
});

it('tries again by itself where nothing could be reached, once after each failure', () => {
  vi.useFakeTimers();
  const onRetry = vi.fn();
  const { rerender } = render(<ConfigurationFault error={UNREACHABLE} onRetry={onRetry} />);
  expect(screen.getByText(/it is tried again by itself/i)).toBeInTheDocument();
  vi.advanceTimersByTime(10_000);
  expect(onRetry).toHaveBeenCalledTimes(1);
  rerender(<ConfigurationFault error={new ConfigurationError(['a.'], 'PASSING')} onRetry={onRetry} />);
  window.dispatchEvent(new Event('online'));
  expect(onRetry).toHaveBeenCalledTimes(2);
});
