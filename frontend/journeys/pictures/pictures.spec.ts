import { expect, test, type Page } from '@playwright/test';

import { expectAccessible, watch } from '../audit';
import { plant } from './api';
import { PAGES, SITUATION_SCENES, type Scene } from './scenes';

const MODES = [
  { name: 'wide-light', width: 1_440, colorScheme: 'light' },
  { name: 'wide-dark', width: 1_440, colorScheme: 'dark' },
  { name: 'narrow-light', width: 400, colorScheme: 'light' },
  { name: 'narrow-dark', width: 400, colorScheme: 'dark' },
] as const;

const FOLDER = process.env.PICTURES ?? 'node_modules/.cache/pictures';

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

for (const { name: mode, width, colorScheme } of MODES) {
  test.describe(mode, () => {
    test.use({ viewport: { width, height: 900 }, colorScheme, contextOptions: { reducedMotion: 'reduce' } });
    const scenes = mode === 'wide-light' ? [...PAGES, ...SITUATION_SCENES] : PAGES.filter((scene) => width > 400 || scene.isWide !== true);
    for (const scene of scenes) {
      test(`${scene.name} is without fault`, async ({ page }) => {
        const complaints = watch(page);
        await show(page, scene);
        await page.screenshot({ path: `${FOLDER}/${scene.name}.${mode}.png`, fullPage: true, animations: 'disabled' });
        await expectAccessible(page);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
        expect(complaints).toEqual([]);
      });
    }
  });
}
