import { server } from './api';
import { button, dialog, expect, signIn, test, verdict } from './journey';

test.describe.configure({ timeout: 300_000 });

test('of two gates one is opened, the other stays, and the rest is cancelled', async ({ page, api }) => {
  await api.clear('Gated ');
  const one = await api.group('Gated one', [server.app(1)]);
  const two = await api.group('Gated two', [server.app(2)]);
  const plan = await api.plan('Gated plan', [
    { key: 'one', name: 'One', protectionGroupIds: [one], dependsOn: [], pauseBefore: true },
    { key: 'two', name: 'Two', protectionGroupIds: [two], dependsOn: [], pauseBefore: true },
  ]);
  const execution = await api.startDrill(plan);
  await signIn(page, 'drill-operator', `/executions/${execution}`);
  await verdict(page, 'Held: gate before One, gate before Two');
  await button(page, 'Open gate before One').click();
  await dialog(page).getByRole('button', { name: 'Resume' }).click();
  await verdict(page, 'Held at the gate before Two');
  await button(page, 'Cancel execution').first().click();
  await expect(dialog(page)).toContainText('1 server will not be launched');
  await dialog(page).getByRole('button', { name: 'Cancel execution' }).click();
  await verdict(page, 'Cancelled: 1 of 2 servers launched');
});

test('a failed server is retried, and a wave that failed is skipped', async ({ page, api, plant }) => {
  await api.clear('Failing ');
  const one = await api.group('Failing one', [server.app(3)]);
  const two = await api.group('Failing two', [server.app(4)]);
  const three = await api.group('Failing three', [server.app(5)]);
  const plan = await api.plan('Failing plan', [
    { key: 'one', name: 'One', protectionGroupIds: [one], dependsOn: [], onFailure: 'PAUSE' },
    { key: 'two', name: 'Two', protectionGroupIds: [two], dependsOn: ['one'], onFailure: 'PAUSE' },
    { key: 'three', name: 'Three', protectionGroupIds: [three], dependsOn: ['two'] },
  ]);
  const fail = (hostname: string) =>
    plant({
      when: { server: { hostname }, phase: 'launch' },
      do: { fail: 'LAUNCH_FAILED', raw_error: 'There is no capacity.' },
      times: 1,
    });
  await fail('app-03');
  await fail('app-04');
  const execution = await api.startDrill(plan);
  await signIn(page, 'drill-operator', `/executions/${execution}`);
  await verdict(page, 'Held after a failure in One');
  await expect(page.getByText(/There is no capacity/).first()).toBeVisible();
  await button(page, 'Retry failed servers').click();
  await dialog(page).getByRole('button', { name: 'Retry 1 server' }).click();
  await verdict(page, 'Held after a failure in Two');
  await button(page, 'Skip wave').last().click();
  await dialog(page).getByLabel('Reason').fill('Not needed today.');
  await dialog(page).getByRole('button', { name: 'Skip wave' }).click();
  await verdict(page, 'Ended in part: 2 of 3 servers launched');
});
