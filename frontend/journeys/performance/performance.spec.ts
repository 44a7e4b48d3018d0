import { readFileSync } from 'node:fs';

import type { Locator, Page, Request } from '@playwright/test';

import type { Api } from '../api';
import { expect, signIn, test } from '../journey';
import { stack } from '../stack';
import { fillExecutions, fillPlans, LARGE_PLAN, SIZES } from './fill';

const PLACE_WIDTH = 24;
const TIME_WIDTH = 16;
const SCENARIO = new URL('scenario.yaml', import.meta.url);

test.describe.configure({ mode: 'serial', timeout: 900_000 });

type Named = { name: string; recoveryPlanId: string };

/** Plans come by their names. */
async function planOf(api: Api, name: string): Promise<string> {
  const { items } = await api.call<{ items: Named[] }>('GET', '/recovery-plans?maxResults=100');
  return items.find((plan) => plan.name === name)?.recoveryPlanId ?? '';
}

test('the store is filled', async ({ api, request }) => {
  const scenario = readFileSync(SCENARIO, 'utf8');
  expect((await request.put(`${stack().simulatorUrl}/_sim/scenario`, { data: scenario })).ok()).toBe(true);
  await api.clear('');
  await fillPlans(api);
  const drill = await api.startDrill(await planOf(api, 'Plan 001'));
  await expect.poll(async () => (await api.execution(drill)).status, { timeout: 300_000 }).toBe('COMPLETED');
  await fillExecutions(request, drill);
});

test('every page becomes interactive; how long that takes is printed beside what the API takes', async ({ page, api }) => {
  const { items } = await api.call<{ items: { executionId: string }[] }>('GET', '/executions?maxResults=1');
  const first = items[0]?.executionId ?? '';
  const largePlan = await planOf(api, LARGE_PLAN);
  const pages: [string, (page: Page) => Locator][] = [
    ['/', (here) => here.getByRole('heading', { name: /^Active executions/ })],
    ['/', (here) => here.getByRole('heading', { name: /^Executions over time/ })],
    ['/protection-groups', (here) => here.getByRole('link', { name: 'Group 001' })],
    ['/protection-groups/new', (here) => here.getByRole('checkbox', { name: /^Select fleet-/ })],
    ['/recovery-plans', (here) => here.getByRole('link', { name: 'Plan 001' })],
    ['/recovery-plans/new', (here) => here.getByLabel('Name')],
    [`/recovery-plans/${largePlan}`, (here) => here.getByRole('heading', { level: 1, name: LARGE_PLAN })],
    ['/executions', (here) => here.getByRole('link', { name: /Plan/ })],
    [`/executions/${first}`, (here) => here.getByRole('heading', { level: 1, name: /^Drill of Plan/ })],
  ];
  await signIn(page, 'administrator');
  const took: string[] = [];
  for (const [path, ready] of pages) {
    const { whole, api: waited } = await navigation(page, path, ready);
    const place = path.replace(/[0-9a-f-]{36}/, '{id}').padEnd(PLACE_WIDTH);
    took.push(`${place} ${column(whole)} ${column(waited)} ${column(whole - waited)}`);
  }
  const title = `${'page'.padEnd(PLACE_WIDTH)} ${['until usable', 'of that the API', 'the rest'].map((text) => text.padStart(TIME_WIDTH)).join(' ')}`;
  process.stdout.write(`${[title, ...took].join('\n')}\n`);
});

test('the page of a wave of 500 servers follows it to its end; its long tasks are printed', async ({ page, api }) => {
  const execution = await api.startDrill(await planOf(api, LARGE_PLAN));
  await signIn(page, 'drill-operator', `/executions/${execution}`);
  await expect(page.getByRole('heading', { level: 2, name: /Launching/ })).toBeVisible();
  await page.evaluate(() => {
    const lengths: number[] = [];
    Object.assign(window, { lengths });
    new PerformanceObserver((list) => {
      lengths.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: 'longtask' });
    // A task that is long on purpose shows that long ones are noticed.
    requestAnimationFrame(() => {
      const until = performance.now() + 100;
      while (performance.now() < until);
    });
  });
  await expect.poll(() => page.evaluate(() => (window as unknown as { lengths: number[] }).lengths.length)).toBe(1);
  const all = `all ${SIZES.wave.toString()} servers launched`;
  await expect(page.getByRole('heading', { level: 2, name: new RegExp(all) })).toBeVisible({ timeout: 600_000 });
  const lengths = await page.evaluate(() => (window as unknown as { lengths: number[] }).lengths);
  // The first is the one that was made to see whether long ones are noticed.
  const own = lengths.slice(1);
  process.stdout.write(`tasks over 50 ms: ${own.length.toString()}, the longest ${Math.max(0, ...own).toFixed(0)} ms, all: ${own.map((length) => length.toFixed(0)).join(', ')}\n`);
});

/** Milliseconds, so that runs can be laid side by side. */
function column(milliseconds: number): string {
  return `${milliseconds.toString()} ms`.padStart(TIME_WIDTH);
}

/** How long it takes until the page answers, and for how much of that a request was under way. */
async function navigation(page: Page, path: string, ready: (page: Page) => Locator) {
  const spans: { begin: number; end: number }[] = [];
  const begun = new Map<Request, number>();
  const isApi = (request: Request) => /\/(api|cognito)\//.test(request.url());
  const onRequest = (request: Request) => {
    if (isApi(request)) {
      begun.set(request, Date.now());
    }
  };
  const onFinished = (request: Request) => {
    const begin = begun.get(request);
    if (begin !== undefined) {
      spans.push({ begin, end: Date.now() });
    }
  };
  page.on('request', onRequest).on('requestfinished', onFinished);
  const start = Date.now();
  await page.goto(path);
  await expect(ready(page).first()).toBeVisible();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  const end = Date.now();
  page.off('request', onRequest).off('requestfinished', onFinished);
  let waited = 0;
  let known = start;
  for (const span of spans.sort((one, other) => one.begin - other.begin)) {
    waited += Math.max(0, Math.min(span.end, end) - Math.max(span.begin, known));
    known = Math.max(known, span.end);
  }
  return { whole: end - start, api: waited };
}
