/** What every page and dialog is held to. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Cloudscape gives its bar for narrow windows an attribute that a `nav` does not have. */
const TOOLBAR = '<nav aria-hidden="false" aria-label="Side navigation" aria-orientation';

/** No violation of any rule, contrast included. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.flatMap(({ id, nodes }) =>
    nodes
      .filter(({ html }) => !(id === 'aria-allowed-attr' && html.startsWith(TOOLBAR)))
      .map(({ html }) => `${id}: ${html.slice(0, 160)}`),
  );
  expect(told).toEqual([]);
}

/** The tables of which a part can only be scrolled to, with by how many pixels they are too wide. */
export async function cutTables(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('div:has(> table)')]
      .filter((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth)
      .map((box) => {
        const name = box.querySelector('table')?.getAttribute('aria-label') ?? '';
        return `${name}: ${(box.scrollWidth - box.clientWidth).toString()} px`;
      }),
  );
}

/** Notes what the browser complains of; the list is to be empty at the end. */
export function watch(page: Page, provoked?: RegExp): string[] {
  const complaints: string[] = [];
  const note = (complaint: string) => {
    if (provoked?.test(complaint) !== true) {
      complaints.push(complaint);
    }
  };
  page.on('console', (message) => {
    if (message.type() === 'error') {
      note(`console: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => {
    note(`error: ${error.message}`);
  });
  page.on('requestfailed', (request) => {
    // What a page no longer needs when it is left is given up.
    const reason = request.failure()?.errorText ?? '';
    if (reason !== 'net::ERR_ABORTED') {
      note(`failed: ${request.url()} ${reason}`);
    }
  });
  page.on('response', (response) => {
    const complaint = `HTTP ${response.status().toString()}: ${response.url()}`;
    if (response.status() < 400 || provoked?.test(complaint) === true) {
      return;
    }
    complaints.push(complaint);
    // What it says comes later, or never when the page is left meanwhile.
    void response.text().then(
      (text) => complaints.push(text),
      () => undefined,
    );
  });
  return complaints;
}
