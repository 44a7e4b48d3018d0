import { render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { expect, it } from 'vitest';

import { ApiError, plainSentence } from '../api/error';
import { withoutMarks } from '../lib/marks';
import { problem } from '../test/fixtures';
import { faultText } from '../api/faults';
import { RefusalAlert } from './RefusalAlert';
import { SentenceText } from './SentenceText';

it('sets what the API puts between backticks as code, and shows no backtick', () => {
  render(<SentenceText>Wave `db` of `a``b` failed.</SentenceText>);
  expect(screen.getByText('db').tagName).toBe('CODE');
  expect(document.body.textContent).toBe('Wave db of ab failed.');
});

it('shows a backtick that has no other as it is', () => {
  expect(withoutMarks('a ` b')).toBe('a ` b');
});

it('takes code out of its marks where there is room for nothing but text', () => {
  const refused = new ApiError(409, problem(409, 'NOT_ALLOWED_NOW', 'wave `db` has started'));
  expect(plainSentence(refused)).toBe('Wave db has started.');
  const fault = { path: 'region', code: 'INVALID', message: '`us-wst-2` is not a Region' };
  expect(faultText([fault], 'region')).toBe('us-wst-2 is not a Region.');
});

it('shows no backtick of a refusal, of its faults, nor of the servers in its way', () => {
  const refused = new ApiError(409, {
    ...problem(409, 'NOT_ALLOWED_NOW', 'Wave `db` has started.'),
    faults: [{ path: 'waveKey', code: 'UNKNOWN', message: 'no wave `web`' }],
    servers: [{ sourceServerId: 's-1', reason: 'in wave `app`' }],
  });
  render(<RefusalAlert error={refused} />, { wrapper: MemoryRouter });
  expect(screen.getByText('db').tagName).toBe('CODE');
  expect(document.body.textContent).not.toContain('`');
  expect(document.body.textContent).toContain('No wave web.');
});

it('says of a text that came cut that it is longer, and where more of it is', () => {
  render(<SentenceText whole="The job events have more of it">{`LAUNCH_FAILED: ${'x'.repeat(300)}\u2026`}</SentenceText>);
  expect(screen.getByText(/The text is longer than this\. The job events have more of it/)).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Show what is kept of it' })).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Show the whole text' })).toBeNull();
});

it('says so of a short text too, and that the rest is not kept where nothing has it', () => {
  render(<SentenceText>{'LAUNCH_FAI\u2026'}</SentenceText>);
  expect(screen.getByText('The text is longer than this. The rest of it is not kept.')).toBeInTheDocument();
});

it('says nothing of a text that is whole', () => {
  render(<SentenceText>LAUNCH_FAILED.</SentenceText>);
  expect(document.body.textContent).toBe('LAUNCH_FAILED.');
});
