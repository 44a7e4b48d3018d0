/** The pages that show something from outside, in a world of strange texts and in a large one. */
import type { Page } from '@playwright/test';

import { discovered, group, plan, plannedWave, serverId, statistics, STARTED_AT } from '../../src/test/fixtures';
import {
  FOUR_THOUSAND,
  FOUR_THOUSAND_FAILURES,
  HOSTNAMES,
  REASONS,
  STRANGE_CLEAN_UP,
  STRANGE_FAILURE,
  STRANGE_GROUP,
  STRANGE_GROUPS,
  STRANGE_LAUNCH,
  STRANGE_PLAN,
  STRANGE_SERVERS,
  STRANGE_SUMMARIES,
} from '../../src/test/strange';
import type { Answers } from './api';
import type { Scene } from './scenes';

const EXECUTION = '/executions/execution-1';
const PLAN = '/recovery-plans/plan-strange';

const instance = (kind: 'DRILL' | 'RECOVERY', index: number) => ({
  id: `i-${(index + 1).toString().padStart(17, '0')}`,
  ec2State: 'RUNNING',
  failbackState: null,
  jobId: 'drsjob-1',
  kind,
  privateIps: [],
  recoveryPointAt: STARTED_AT,
});

const JOB_LOGS = HOSTNAMES.map((_, index) => ({
  jobId: 'drsjob-1',
  at: STARTED_AT,
  event: 'LAUNCH_FAILED',
  sourceServerId: serverId(index + 1),
  conversionServerId: null,
  targetInstanceId: null,
  error: REASONS[index % REASONS.length],
  attempt: null,
  attemptsMax: null,
}));
const EVENTS = REASONS.map((detail, index) => ({
  number: index + 1,
  at: STARTED_AT,
  code: 'WAVE_ENDED',
  waveKey: 'db',
  detail,
  actor: STRANGE_FAILURE.initiatedBy,
  hash: '',
  previousHash: '',
}));

const ended = { startedAt: STARTED_AT, endedAt: '2026-11-23T10:20:00Z', failed: true };
const PHASES = {
  waves: STRANGE_FAILURE.waves.map(({ key }) => ({ waveKey: key, goes: [ended], moments: [] })),
  holds: [],
};
const SERVER_PHASES = {
  items: HOSTNAMES.map((_, index) => ({
    sourceServerId: serverId(index + 1),
    phases: [{ phase: 'LAUNCH', ...ended }],
  })),
};

const STRANGE: Answers = {
  '/api/protection-groups': { items: STRANGE_GROUPS },
  '/api/protection-groups/group-strange': STRANGE_GROUP,
  '/api/recovery-plans': { items: [STRANGE_PLAN] },
  '/api/recovery-plans/plan-strange': STRANGE_PLAN,
  '/api/executions': { items: STRANGE_SUMMARIES },
  '/api/statistics/executions': statistics({
    failures: { since: STARTED_AT, count: 1, last: STRANGE_SUMMARIES.slice(1) },
  }),
  '/api/statistics/recovery-plans': { items: [] },
  '/api/drs/source-servers': { initialized: true, items: STRANGE_SERVERS },
  '/api/executions/execution-1': STRANGE_FAILURE,
  '/api/executions/execution-1/events': { items: EVENTS },
  '/api/executions/execution-1/job-logs': { items: JOB_LOGS },
  '/api/executions/execution-1/phases': PHASES,
  '/api/executions/execution-1/server-phases': SERVER_PHASES,
};

/** Without a drill in the way: axe takes the label of a box that is scrolled out of a dialog for none. */
const LIVE: Answers = {
  ...STRANGE,
  '/api/executions': { items: [] },
  '/api/drs/source-servers': {
    initialized: true,
    items: STRANGE_SERVERS.map((server, index) => ({
      ...server,
      replicationState: index % 3 === 2 ? 'DISCONNECTED' : 'CONTINUOUS',
      recoverability: index % 3 === 2 ? 'NOT_RECOVERABLE' : 'READY',
      recoveryInstance: instance(index % 2 === 0 ? 'DRILL' : 'RECOVERY', index),
    })),
  },
};

const REFUSED: Answers = {
  ...STRANGE,
  '/api/drs/source-servers': { initialized: true, items: [discovered(1)] },
};

const MANY: Answers = {
  '/api/drs/source-servers': { initialized: true, items: FOUR_THOUSAND },
  '/api/executions/execution-1': FOUR_THOUSAND_FAILURES,
  '/api/protection-groups': {
    items: [group('Everything', { sourceServerIds: FOUR_THOUSAND.slice(0, 500).map(({ sourceServerId }) => sourceServerId) })],
  },
  '/api/recovery-plans/plan-everything': plan('Everything', {
    waves: [plannedWave('all', { protectionGroupIds: ['group-everything'] })],
  }),
};

const press = (name: string) => (page: Page) =>
  page.getByRole('button', { name, exact: true }).first().click();

const scene = (name: string, path: string, answers: Answers, button?: string): Scene => ({
  name,
  path,
  answers,
  ...(button === undefined ? {} : { act: press(button), shows: (page: Page) => page.getByRole('dialog') }),
});

export const STRANGE_SCENES: readonly Scene[] = [
  scene('strange-dashboard', '/', STRANGE),
  scene('strange-groups', '/protection-groups', STRANGE),
  scene('strange-group', '/protection-groups/group-strange', STRANGE),
  scene('strange-group-new', '/protection-groups/new', STRANGE),
  scene('strange-group-gone', '/protection-groups/group-strange/edit', REFUSED),
  scene('strange-dialog-delete-group', '/protection-groups/group-strange', STRANGE, 'Delete'),
  scene('strange-plans', '/recovery-plans', STRANGE),
  scene('strange-plan', PLAN, STRANGE),
  { name: 'strange-wizard-waves', path: `${PLAN}/edit`, answers: STRANGE, act: press('Next') },
  {
    name: 'strange-wizard-servers',
    path: `${PLAN}/edit`,
    answers: STRANGE,
    act: async (page) => {
      await press('Next')(page);
      await page.getByRole('button', { name: /Choose servers/ }).first().click();
    },
    shows: (page) => page.getByRole('option'),
  },
  {
    name: 'strange-wizard-review',
    path: `${PLAN}/edit`,
    answers: STRANGE,
    act: async (page) => {
      for (let step = 0; step < 4; step += 1) {
        await press('Next')(page);
      }
    },
  },
  scene('strange-dialog-start-drill', PLAN, LIVE, 'Start drill'),
  scene('strange-dialog-start-recovery', PLAN, LIVE, 'Start recovery'),
  scene('strange-executions', '/executions', STRANGE),
  scene('strange-execution', EXECUTION, STRANGE),
  {
    name: 'strange-execution-timeline',
    path: `${EXECUTION}?tab=timeline`,
    answers: STRANGE,
    shows: (page) => page.getByRole('img', { name: /^Timeline/ }),
  },
  {
    name: 'strange-execution-job-events',
    path: `${EXECUTION}?tab=jobs`,
    answers: STRANGE,
    shows: (page) => page.getByText('Launch failed'),
  },
  {
    name: 'strange-execution-event-log',
    path: `${EXECUTION}?tab=log`,
    answers: STRANGE,
    shows: (page) => page.getByText('Wave ended'),
  },
  scene('strange-execution-clean-up', EXECUTION, { ...STRANGE, [`/api${EXECUTION}`]: STRANGE_CLEAN_UP }),
  scene('strange-dialog-retry', EXECUTION, STRANGE, 'Retry failed servers'),
  scene('strange-dialog-skip', EXECUTION, STRANGE, 'Skip wave'),
  scene('strange-dialog-resume', EXECUTION, STRANGE, 'Resume'),
  scene('strange-dialog-cancel', EXECUTION, { ...STRANGE, [`/api${EXECUTION}`]: STRANGE_LAUNCH }, 'Cancel execution'),
  scene('strange-dialog-terminate', EXECUTION, { ...STRANGE, [`/api${EXECUTION}`]: STRANGE_CLEAN_UP }, 'Terminate instances'),
  scene('many-group-new', '/protection-groups/new', MANY),
  scene('many-execution', EXECUTION, MANY),
  scene('many-dialog-retry', EXECUTION, MANY, 'Retry failed servers'),
  scene('many-dialog-start-recovery', '/recovery-plans/plan-everything', MANY, 'Start recovery'),
];
