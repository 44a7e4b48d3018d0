/** A journey: a person who is signed in, and a browser that must not complain. */
import { expect, test as base, type Page } from '@playwright/test';

import { Api, plantFault } from './api';
import { watch } from './audit';
import { userOf, type Role } from './stack';

/** Plants a fault of the simulated DRS; the answer takes it away. None outlives its journey. */
type Plant = (rule: object) => Promise<() => Promise<void>>;
type Fixtures = { api: Api; plant: Plant; provoked: RegExp | undefined; complaints: string[] };

export const test = base.extend<Fixtures>({
  api: async ({ request }, provide) => {
    await provide(new Api(request));
  },
  plant: async ({ request }, provide) => {
    const left = new Set<() => Promise<void>>();
    await provide(async (rule) => {
      const heal = await plantFault(request, rule);
      left.add(heal);
      return async () => {
        left.delete(heal);
        await heal();
      };
    });
    for (const heal of left) {
      await heal();
    }
  },
  /** What a journey provokes on purpose. */
  provoked: [undefined, { option: true }],
  complaints: [
    async ({ page, provoked }, provide) => {
      const complaints = watch(page, provoked);
      await provide(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Signs in and goes on to an address. */
export async function signIn(page: Page, role: Role, path = '/'): Promise<void> {
  const { username, password } = userOf(role);
  // Whoever was here before is forgotten.
  await page.goto('/sign-in');
  await page.evaluate(() => {
    window.sessionStorage.clear();
  });
  await page.goto(`/sign-in?from=${encodeURIComponent(path)}`);
  await page.getByLabel('Email').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('DRS Orchestration');
}

/** The verdict of the page of an execution. */
export const verdict = (page: Page, text: string | RegExp) =>
  expect(page.getByRole('heading', { level: 2, name: text }).first()).toBeVisible({ timeout: 100_000 });

export const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });

export const dialog = (page: Page) => page.getByRole('dialog');
