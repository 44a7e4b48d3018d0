/**
 * Consoles that are open at once, each on the page that asks most: an execution that moves, with its
 * job events open. What each asks of the API is counted and written down; `cargo xtask bench consoles`
 * compares it with what the firewall lets through.
 */
import { writeFileSync } from 'node:fs';

import type { Page, Request } from '@playwright/test';

import type { Api } from '../api';
import { expect, signIn, test } from '../journey';
import { stack } from '../stack';
import { shareAnswers } from './shared-answers';
import { strange, type Strange } from './stranger';

const MINUTE_MS = 60_000;
/** How long one console may take to open while the others ask already. */
const OPENING_MS = 60_000;
const SERVERS_PER_WAVE = 2;

const { consoles, minutes, jobs, stranger, report } = chosen();

test.describe.configure({ mode: 'serial' });

test('what open consoles ask is counted', async ({ browser, api }) => {
  test.setTimeout(10 * MINUTE_MS + consoles * OPENING_MS + minutes * MINUTE_MS);
  const execution = await movingExecution(api);
  const context = await browser.newContext();
  if (stranger === 0) {
    await shareAnswers(context);
  }
  const pages: Page[] = [];
  for (let number = 0; number < consoles; number += 1) {
    const page = await context.newPage();
    await signIn(page, 'viewer', `/executions/${execution}?tab=jobs`);
    await expect(page.getByRole('heading', { level: 1, name: 'Drill of Traffic plan' })).toBeVisible();
    pages.push(page);
  }
  const began = Date.now();
  const counts = pages.map((page) => new Count(page));
  const [first] = pages;
  const whole = minutes * MINUTE_MS;
  const sent: Strange | null = stranger > 0 ? await strange(stack(), stranger, whole) : null;
  await first?.waitForTimeout(Math.max(0, whole - (Date.now() - began)));
  const seconds = (Date.now() - began) / 1_000;
  const told = counts.map((count) => count.told());
  expect((await api.execution(execution)).status, 'the execution moves to the end').toBe('RUNNING');
  writeFileSync(report, JSON.stringify({ seconds, jobs, consoles: told, stranger: sent }));
  await context.unrouteAll({ behavior: 'ignoreErrors' });
  await context.close();
});

/** A drill whose waves launch at once, each by a job of its own. */
async function movingExecution(api: Api): Promise<string> {
  const waves: object[] = [];
  for (let number = 0; number < jobs; number += 1) {
    const key = `wave-${number.toString()}`;
    const first = number * SERVERS_PER_WAVE + 1;
    const servers = Array.from({ length: SERVERS_PER_WAVE }, (_, index) => slow(first + index));
    const group = await api.group(`Traffic ${key}`, servers);
    waves.push({ key, name: key, protectionGroupIds: [group], dependsOn: [] });
  }
  const execution = await api.startDrill(await api.plan('Traffic plan', waves));
  const launching = async () =>
    (await api.execution(execution)).waves.filter((wave) => wave.jobs.length > 0).length;
  await expect.poll(launching, { timeout: 5 * MINUTE_MS }).toBe(jobs);
  return execution;
}

const slow = (number: number) => `s-0000000000008${number.toString(16).padStart(4, '0')}`;

/** What one console asks of the API from now on. */
class Count {
  readonly #asked = new Map<string, number>();
  readonly #milliseconds: number[] = [];
  #refused = 0;

  constructor(page: Page) {
    page.on('request', (request) => {
      if (isApi(request)) {
        const place = placeOf(request);
        this.#asked.set(place, (this.#asked.get(place) ?? 0) + 1);
      }
    });
    page.on('requestfinished', (request) => {
      if (isApi(request)) {
        this.#milliseconds.push(request.timing().responseEnd);
      }
    });
    page.on('response', (response) => {
      this.#refused += isApi(response.request()) && response.status() >= 400 ? 1 : 0;
    });
    page.on('requestfailed', (request) => {
      this.#refused += isApi(request) && request.failure()?.errorText !== 'net::ERR_ABORTED' ? 1 : 0;
    });
  }

  told() {
    const milliseconds = this.#milliseconds.map(Math.round);
    return { asked: Object.fromEntries(this.#asked), refused: this.#refused, milliseconds };
  }
}

function isApi(request: Request): boolean {
  return new URL(request.url()).pathname.startsWith('/api/');
}

function placeOf(request: Request): string {
  return new URL(request.url()).pathname.replace('/api', '').replace(/[0-9a-f-]{36}/, '{id}');
}

/** What the bench was asked for. */
function chosen() {
  const { TRAFFIC: text } = process.env;
  if (text === undefined) {
    return { consoles: 0, minutes: 0, jobs: 0, stranger: 0, report: '' };
  }
  return JSON.parse(text) as { consoles: number; minutes: number; jobs: number; stranger: number; report: string };
}
