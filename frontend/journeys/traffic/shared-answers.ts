/**
 * A stack on one machine answers fifty consoles more slowly than they ask, and whoever waits asks
 * less. So consoles that show the same are answered at once with what the stack has said last, and
 * the stack is asked again meanwhile, once for all of them.
 */
import type { BrowserContext, Route } from '@playwright/test';

type Answer = { status: number; headers: Record<string, string>; body: Buffer };
type Kept = { answer: Promise<Answer>; isFresh: boolean };

/** Answers the requests of all pages of the context so. */
export async function shareAnswers(context: BrowserContext): Promise<void> {
  const kept = new Map<string, Kept>();
  await context.route('**/api/**', async (route) => {
    const url = route.request().url();
    if (route.request().method() !== 'GET') {
      await route.continue();
      return;
    }
    const known = kept.get(url) ?? { answer: ask(route), isFresh: false };
    if (!kept.has(url)) {
      kept.set(url, known);
      void known.answer.then(() => {
        known.isFresh = true;
      });
    } else if (known.isFresh) {
      known.isFresh = false;
      void renew(known, route);
    }
    await route.fulfill(await known.answer);
  });
}

/** What was said before stays until there is something new. */
async function renew(known: Kept, route: Route): Promise<void> {
  known.answer = Promise.resolve(await ask(route));
  known.isFresh = true;
}

/** Asks for the whole: what one console has already, another may lack. */
async function ask(route: Route): Promise<Answer> {
  const all = Object.entries(await route.request().allHeaders());
  const headers = Object.fromEntries(all.filter(([name]) => name !== 'if-none-match'));
  try {
    const response = await route.fetch({ headers });
    return { status: response.status(), headers: response.headers(), body: await response.body() };
  } catch (error) {
    // It counts as refused.
    return { status: 502, headers: {}, body: Buffer.from(String(error)) };
  }
}
