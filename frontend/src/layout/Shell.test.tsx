import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, it, vi } from 'vitest';

import { open } from '../test/render';
import { server } from '../test/server';

it('names the environment and the person, and signs the person out', async () => {
  server.use(
    http.get('/api/executions', () => HttpResponse.json({ items: [] })),
    http.get('/api/recovery-plans', () => HttpResponse.json({ items: [] })),
    http.post('/cognito/', () => HttpResponse.json({})),
  );
  const { router } = open('/executions');
  await screen.findByText('No executions yet');
  expect(screen.getAllByText('test, us-east-1')[0]).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: /operator@example.com/ }));
  await userEvent.click(screen.getByRole('menuitem', { name: 'Sign out' }));
  expect(await screen.findByLabelText('Email')).toBeInTheDocument();
  expect(router.state.location.pathname).toBe('/sign-in');
});

it('says that there is no such page', async () => {
  open('/nowhere');
  expect(
    await screen.findByRole('heading', { level: 1, name: 'Page not found' }),
  ).toBeInTheDocument();
});

it('moves the focus to the heading of a page that a link led to, once', async () => {
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  server.use(
    http.get('/api/executions', async () => {
      await asked;
      return HttpResponse.json({ items: [] });
    }),
    http.get('/api/recovery-plans', () => HttpResponse.json({ items: [] })),
  );
  open('/nowhere');
  const text = within(await screen.findByText(/There is no page at/));
  await userEvent.click(text.getByRole('link', { name: 'Executions' }));
  const heading = await screen.findByRole('heading', { level: 1, name: 'Executions' });
  expect(within(heading).getByText('Executions')).toHaveFocus();
  const menu = screen.getByRole('button', { name: /operator@example.com/ });
  menu.focus();
  answer();
  await screen.findByText('No executions yet');
  expect(menu).toHaveFocus();
});

it('asks whoever does nothing, and signs out who does not answer', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  server.use(http.post('/cognito/', () => HttpResponse.json({})));
  open('/nowhere');
  await screen.findByRole('heading', { level: 1, name: 'Page not found' });
  await act(() => vi.advanceTimersByTimeAsync(28.5 * 60_000));
  await userEvent.click(await screen.findByRole('button', { name: 'Stay signed in' }));
  expect(screen.queryByText('Are you still there?')).not.toBeInTheDocument();
  await act(() => vi.advanceTimersByTimeAsync(31 * 60_000));
  expect(await screen.findByText(/nothing was done here for 30 minutes/)).toBeInTheDocument();
});

it('shows the help of a page, and changes to dark mode and back', async () => {
  server.use(
    http.get('/api/executions', () => HttpResponse.json({ items: [] })),
    http.get('/api/recovery-plans', () => HttpResponse.json({ items: [] })),
  );
  open('/executions');
  await userEvent.click(await screen.findByRole('button', { name: 'Open help' }));
  expect(screen.getByText(/Every drill and every recovery, active or ended/)).toBeInTheDocument();
  await userEvent.click(screen.getAllByRole('button', { name: 'Use dark mode' })[0] ?? document.body);
  expect(document.body).toHaveClass('awsui-dark-mode');
  await userEvent.click(screen.getAllByRole('button', { name: 'Use light mode' })[0] ?? document.body);
  expect(document.body).not.toHaveClass('awsui-dark-mode');
});
