import type { APIRequestContext } from '@playwright/test';

import { server } from './api';
import { button, dialog, expect, signIn, test, verdict } from './journey';
import { stack } from './stack';

// The hold opens only when the call that got no answer must be over: about two and a half minutes.
test.describe.configure({ timeout: 300_000 });

const REGION = 'ca-central-1';

/** The Regions in which DRS was asked for a launch. */
async function launches(request: APIRequestContext): Promise<string[]> {
  const journal = await request.get(`${stack().simulatorUrl}/_sim/journal`);
  const { requests } = (await journal.json()) as { requests: { operation: string; region: string }[] };
  return requests.filter(({ operation }) => operation === 'StartRecovery').map(({ region }) => region);
}

test('a launch of which nobody knows asks a person, who says what became of it', async ({ page, api, plant, request }) => {
  await api.clear('Doubt ');
  const group = await api.group('Doubt servers', [server.doubt(1)], REGION);
  const plan = await api.plan('Doubt plan', [
    { key: 'one', name: 'One', protectionGroupIds: [group], dependsOn: [] },
  ]);
  await plant({
    when: { op: 'StartRecovery', region: REGION },
    do: { lose_response: 'before_commit' },
    times: 1,
  });
  const execution = await api.startDrill(plan);
  // From here on no look can prove that there is no job.
  await expect.poll(() => launches(request)).toContain(REGION);
  const heal = await plant({
    when: { op: 'DescribeJobs', region: REGION },
    do: { error: 'InternalServerException' },
  });
  await signIn(page, 'drill-operator', `/executions/${execution}`);
  await button(page, 'Say what became of it').click({ timeout: 240_000 });
  await dialog(page).getByRole('radio', { name: /DRS has launched nothing/ }).check();
  await dialog(page).getByLabel('How it is known').fill('The list of jobs in the console of DRS.');
  await dialog(page).getByRole('button', { name: 'Resolve' }).click();
  await expect(dialog(page)).toBeHidden();
  await heal();
  await verdict(page, 'Completed: all 1 server launched');
  await page.getByRole('tab', { name: 'Event log' }).click();
  await expect(page.getByText('Doubt resolved').first()).toBeVisible();
});
