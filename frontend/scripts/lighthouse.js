/** Looks at the console of a running stack with Lighthouse, signed in, and fails below the limits. */
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';

import lighthouse, { desktopConfig } from 'lighthouse';
import { launch } from 'puppeteer-core';

const LIMITS = { accessibility: 100, 'best-practices': 95 };
const DEBIAN = '/usr/bin/chromium';

const stack = JSON.parse(readFileSync(process.env.DRS_ORCHESTRATION_STACK ?? '', 'utf8'));
const user = stack.users.find(({ username }) => username.startsWith('administrator@'));
const origin = new URL(process.env.DRS_ORCHESTRATION_CONSOLE ?? stack.consoleUrl).origin;

const browser = await launch({
  executablePath: process.env.CHROMIUM ?? (existsSync(DEBIAN) ? DEBIAN : undefined),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
let failures = 0;
try {
  const page = await browser.newPage();
  await look(page, '/sign-in');
  await signIn(page);
  const plans = ['/recovery-plans', '/recovery-plans/new', await firstOf(page, '/recovery-plans')];
  const groups = ['/protection-groups', '/protection-groups/new', await firstOf(page, '/protection-groups')];
  const executions = ['/executions', await firstOf(page, '/executions')];
  for (const path of ['/', ...groups, ...plans, ...executions].filter((path) => path !== undefined)) {
    await look(page, path);
  }
} finally {
  await browser.close();
}
process.exitCode = failures === 0 ? 0 : 1;

/** The session belongs to the page, so that every look goes through the same one. */
async function look(page, path) {
  const flags = { onlyCategories: Object.keys(LIMITS), disableStorageReset: true, logLevel: 'error' };
  const { lhr } = await lighthouse(`${origin}${path}`, flags, desktopConfig, page);
  const told = Object.entries(LIMITS).map(([category, limit]) => {
    const score = Math.round(100 * (lhr.categories[category].score ?? 0));
    failures += score < limit ? 1 : 0;
    return `${category} ${score}${score < limit ? ` (limit ${limit})` : ''}`;
  });
  const wrong = Object.values(lhr.audits).filter(({ score }) => score !== null && score < 1);
  process.stdout.write(`${path.padEnd(56)} ${told.join(', ')}\n`);
  for (const { id, title } of wrong) {
    process.stdout.write(`  ${id}: ${title}\n`);
  }
}

async function signIn(page) {
  await page.goto(`${origin}/sign-in`);
  await page.locator('::-p-aria([name="Email"][role="textbox"])').fill(user.username);
  await page.locator('input[type="password"]').fill(user.password);
  await page.locator('::-p-aria([name="Sign in"][role="button"])').click();
  await page.waitForSelector('#top-bar');
}

/** The page of the first thing in a list; nothing where the list is empty. */
async function firstOf(page, list) {
  await page.goto(`${origin}${list}`, { waitUntil: 'networkidle0' });
  const paths = await page.$$eval('table a[href]', (links) => links.map((link) => link.getAttribute('href')));
  return paths.find((path) => path?.startsWith(`${list}/`) && !path.endsWith('/new'));
}
