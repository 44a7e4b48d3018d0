/** Every page and dialog of the console, each in a state worth looking at. */
import type { Locator, Page } from '@playwright/test';

import { SITUATIONS } from '../../src/test/situations';
import { ACCOUNT_SCENES } from './account-scenes';
import type { Answers } from './api';

export type Scene = {
  name: string;
  path: string;
  answers?: Answers;
  act?: (page: Page) => Promise<void>;
  /** What is there when the scene is complete. */
  shows?: (page: Page) => Locator;
  /** Seen before anything is asked for. */
  isSignedOut?: boolean;
  /** On a narrow screen it covers the page and its heading. */
  isWide?: boolean;
};

const click = (name: string) => (page: Page) =>
  page.getByRole('button', { name, exact: true }).first().click();

const steps = (count: number) => async (page: Page) => {
  for (let step = 0; step < count; step += 1) {
    await page.getByRole('button', { name: 'Next', exact: true }).click();
  }
};

const EXECUTION = '/executions/execution-1';
const at = (situation: keyof typeof SITUATIONS): Answers => ({
  '/api/executions/execution-1': SITUATIONS[situation],
});
const dialog = (name: string, situation: keyof typeof SITUATIONS, button: string): Scene => ({
  name: `dialog-${name}`,
  path: EXECUTION,
  answers: at(situation),
  act: click(button),
  shows: (page) => page.getByRole('dialog'),
});
const NOTHING: Answers = {
  '/api/protection-groups': { items: [] },
  '/api/recovery-plans': { items: [] },
  '/api/executions': { items: [] },
};

export const PAGES: readonly Scene[] = [
  { name: 'sign-in', path: '/sign-in', isSignedOut: true },
  {
    name: 'forgotten-password',
    path: '/sign-in',
    isSignedOut: true,
    act: click('Forgot your password?'),
  },
  { name: 'dashboard', path: '/' },
  { name: 'dashboard-empty', path: '/', answers: NOTHING },
  { name: 'groups', path: '/protection-groups' },
  { name: 'groups-empty', path: '/protection-groups', answers: NOTHING },
  { name: 'group', path: '/protection-groups/group-databases' },
  { name: 'group-new', path: '/protection-groups/new' },
  { name: 'group-edit', path: '/protection-groups/group-databases/edit' },
  {
    name: 'group-not-initialised',
    path: '/protection-groups/new',
    answers: { '/api/drs/source-servers': { initialized: false, items: [] } },
  },
  {
    name: 'dialog-delete-group',
    path: '/protection-groups/group-databases',
    act: click('Delete'),
  },
  { name: 'plans', path: '/recovery-plans' },
  { name: 'plan', path: '/recovery-plans/plan-shop' },
  { name: 'wizard-details', path: '/recovery-plans/plan-shop/edit' },
  { name: 'wizard-waves', path: '/recovery-plans/plan-shop/edit', act: steps(1) },
  { name: 'wizard-order', path: '/recovery-plans/plan-shop/edit', act: steps(2) },
  { name: 'wizard-policies', path: '/recovery-plans/plan-shop/edit', act: steps(3) },
  { name: 'wizard-review', path: '/recovery-plans/plan-shop/edit', act: steps(4) },
  { name: 'dialog-start-drill', path: '/recovery-plans/plan-shop', act: click('Start drill') },
  { name: 'dialog-start-recovery', path: '/recovery-plans/plan-shop', act: click('Start recovery') },
  {
    name: 'dialog-continue-recovery',
    path: '/recovery-plans/plan-shop?continueFrom=recovery-1',
    answers: { '/api/executions/recovery-1': { ...SITUATIONS.failed, executionId: 'recovery-1', kind: 'RECOVERY' } },
    shows: (page) => page.getByText(/stay up as they are/),
  },
  { name: 'executions', path: '/executions' },
  { name: 'executions-empty', path: '/executions', answers: NOTHING },
  { name: 'execution', path: EXECUTION, answers: at('gate-and-launching') },
  { name: 'execution-timeline', path: `${EXECUTION}?tab=timeline`, shows: (page) => page.getByRole('img', { name: /^Timeline/ }) },
  {
    name: 'execution-timeline-opened',
    path: `${EXECUTION}?tab=timeline`,
    act: async (page) => {
      await page.getByRole('button', { name: /Servers of wave/ }).click();
      await page.getByRole('option').nth(1).click();
    },
    shows: (page) => page.locator('svg text').filter({ hasText: 'host-1' }),
  },
  {
    name: 'execution-timeline-failed',
    path: `${EXECUTION}?tab=timeline`,
    answers: at('failure-hold'),
    shows: (page) => page.getByText('\u2715 Failed').first(),
  },
  {
    name: 'execution-timeline-table',
    path: `${EXECUTION}?tab=timeline`,
    answers: at('failure-hold'),
    act: (page) => page.getByText('Show as a table').click(),
    shows: (page) => page.getByRole('table', { name: 'Show as a table' }),
  },
  { name: 'execution-job-events', path: `${EXECUTION}?tab=jobs`, shows: (page) => page.getByText('Snapshot ended') },
  { name: 'execution-event-log', path: `${EXECUTION}?tab=log`, shows: (page) => page.getByText('Execution accepted') },
  { name: 'help', path: EXECUTION, act: click('Open help'), isWide: true },
  dialog('resume', 'two-gates', 'Resume'),
  dialog('retry', 'failure-hold', 'Retry failed servers'),
  dialog('skip', 'failure-hold', 'Skip wave'),
  dialog('cancel', 'launching', 'Cancel execution'),
  dialog('resolve', 'stuck', 'Say what became of it'),
  dialog('terminate', 'completed', 'Terminate instances'),
  ...ACCOUNT_SCENES,
  { name: 'not-found', path: '/nowhere' },
  { name: 'configuration-fault', path: '/', answers: { '/config.json': { apiUrl: '/api' } } },
];

export const SITUATION_SCENES: readonly Scene[] = Object.entries(SITUATIONS).map(
  ([name, execution]) => ({
    name: `situation-${name}`,
    path: EXECUTION,
    answers: { '/api/executions/execution-1': execution },
  }),
);
