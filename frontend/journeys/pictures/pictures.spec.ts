import { expect, test, type Page } from '@playwright/test';

import { cutTables, expectAccessible, watch } from '../audit';
import { plant } from './api';
import { PAGES, SITUATION_SCENES, type Scene } from './scenes';
import { STRANGE_SCENES } from './strange-scenes';

const WIDE = { width: 1_440, height: 900 };
const NARROW = { width: 400, height: 900 };
/** Every rule, or only that each column can be seen beside the open side navigation. */
type Audit = 'ALL' | 'TABLES';
type Look = { name: string; viewport: typeof WIDE; isDark: boolean; audit: Audit };
/** From wide to narrow: a window that was narrow once keeps its side navigation closed. */
const LOOKS: readonly Look[] = [
  { name: 'wide-light', viewport: WIDE, isDark: false, audit: 'ALL' },
  { name: 'wide-dark', viewport: WIDE, isDark: true, audit: 'ALL' },
  { name: 'laptop-1366', viewport: { width: 1_366, height: 900 }, isDark: false, audit: 'TABLES' },
  { name: 'laptop-1280', viewport: { width: 1_280, height: 900 }, isDark: false, audit: 'TABLES' },
  { name: 'narrow-dark', viewport: NARROW, isDark: true, audit: 'ALL' },
  { name: 'narrow-light', viewport: NARROW, isDark: false, audit: 'ALL' },
];
/**
 * Each width and each theme once: what is too wide is too wide in both themes, and a table that
 * fits on the smaller laptop fits on the larger one.
 */
const AUDITED: readonly string[] = ['wide-light', 'laptop-1280', 'narrow-dark'];

/** Where pictures go; without it, they are looked at by the audit alone. */
const { PICTURES } = process.env;

async function show(page: Page, scene: Scene): Promise<void> {
  await plant(page, scene.answers ?? {});
  if (scene.isSignedOut === true) {
    await page.addInitScript(() => {
      window.sessionStorage.clear();
    });
  }
  await page.goto(scene.path);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await page.waitForLoadState('networkidle');
  await scene.act?.(page);
  if (scene.shows !== undefined) {
    await expect(scene.shows(page).first()).toBeVisible();
  }
  await expect(page.getByText('Loading', { exact: true })).toHaveCount(0);
  await page.waitForLoadState('networkidle');
}

/** What the switch in the top bar does, also where a dialog covers it. */
async function become(page: Page, { viewport, isDark }: Look): Promise<void> {
  await page.setViewportSize(viewport);
  await page.evaluate((dark) => {
    document.body.classList.toggle('awsui-dark-mode', dark);
  }, isDark);
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(background === 'rgb(255, 255, 255)').toBe(!isDark);
  await settle(page);
}

/**
 * Tables and panels measure themselves when the window changes, and are drawn again from what
 * they measured: in the frame after next nothing is left to measure, and nothing to draw once
 * the page is idle.
 */
async function settle(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => {
          requestAnimationFrame(() => {
            requestIdleCallback(() => {
              resolve();
            });
          });
        });
      }),
  );
}

/** Some pages close it when the window changes; a dialog hides it and its opener. */
async function openNavigation(page: Page): Promise<void> {
  const opener = page.getByRole('button', { name: 'Open side navigation' });
  if ((await opener.count()) > 0) {
    await opener.click();
    await expect(opener).toHaveCount(0);
    await settle(page);
  }
}

/** Pictures are taken of every look, and two of them are audited. */
function isLookedAt(scene: Scene, look: Look): boolean {
  if (scene.isWide === true && look.viewport !== WIDE) {
    return false;
  }
  return PICTURES !== undefined || AUDITED.includes(look.name);
}

test.use({ viewport: WIDE, colorScheme: 'light', contextOptions: { reducedMotion: 'reduce' } });

for (const scene of [...PAGES, ...STRANGE_SCENES, ...SITUATION_SCENES]) {
  test(`${scene.name} is without fault, wide in light and narrow in dark, and no table is cut on a laptop`, async ({ page }) => {
    const complaints = watch(page);
    await show(page, scene);
    for (const look of LOOKS.filter((one) => isLookedAt(scene, one))) {
      await test.step(look.name, async () => {
        await become(page, look);
        if (look.audit === 'TABLES') {
          await openNavigation(page);
        }
        if (PICTURES !== undefined) {
          const path = `${PICTURES}/${scene.name}.${look.name}.png`;
          await page.screenshot({ path, fullPage: true, animations: 'disabled' });
        }
        if (look.audit === 'TABLES') {
          expect(await cutTables(page)).toEqual([]);
          return;
        }
        await expectAccessible(page);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
      });
    }
    expect(complaints).toEqual([]);
  });
}
