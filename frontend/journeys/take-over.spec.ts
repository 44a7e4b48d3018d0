import { server } from './api';
import { button, dialog, expect, signIn, test, verdict } from './journey';

test.describe.configure({ timeout: 240_000 });

test('a recovery takes the place of a drill that is named, with a reason', async ({ page, api }) => {
  await api.clear('Giving ');
  const group = await api.group('Giving servers', [server.app(6), server.app(7)]);
  const plan = await api.plan('Giving plan', [
    { key: 'one', name: 'One', protectionGroupIds: [group], dependsOn: [], pauseBefore: true },
  ]);
  const drill = await api.startDrill(plan);
  await signIn(page, 'recovery-manager', `/recovery-plans/${plan}`);
  await button(page, 'Start recovery').click();
  await expect(dialog(page)).toContainText('A drill is in the way');
  await dialog(page).getByRole('checkbox', { name: 'Take the place of the drill of Giving plan' }).check();
  await dialog(page).getByLabel('Why the drill gives way').fill('The Region is down.');
  await dialog(page).getByLabel('Reason', { exact: true }).fill('The Region is down.');
  await dialog(page).getByLabel(/Type the plan's name/).fill('Giving plan');
  await dialog(page).getByRole('button', { name: 'Start recovery of 2 servers' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Recovery of Giving plan' })).toBeVisible();
  await button(page, 'Open gate before One').click();
  await dialog(page).getByRole('button', { name: 'Resume' }).click();
  await verdict(page, 'Completed: all 2 servers launched');
  await page.goto(`/executions/${drill}`);
  await verdict(page, 'Cancelled: 0 of 2 servers launched');
  await expect(page.getByText(/goes first: The Region is down/).last()).toBeVisible();
});

test('a recovery that failed is continued, and what is up stays up', async ({ page, api, plant }) => {
  await api.clear('Continued ');
  const one = await api.group('Continued one', [server.app(8)]);
  const two = await api.group('Continued two', [server.app(9)]);
  const plan = await api.plan('Continued plan', [
    { key: 'one', name: 'One', protectionGroupIds: [one], dependsOn: [], onFailure: 'STOP' },
    { key: 'two', name: 'Two', protectionGroupIds: [two], dependsOn: ['one'], onFailure: 'STOP' },
  ]);
  await plant({
    when: { server: { hostname: 'app-09' }, phase: 'launch' },
    do: { fail: 'LAUNCH_FAILED', raw_error: 'There is no capacity.' },
    times: 1,
  });
  const first = await api.startRecovery(plan, 'Continued plan', 2);
  await signIn(page, 'recovery-manager', `/executions/${first}`);
  await verdict(page, 'Failed: 1 of 2 servers launched');
  const kept = (await api.execution(first)).waves[0]?.servers[0]?.recoveryInstanceId ?? '';
  await button(page, 'Continue this recovery').click();
  await expect(dialog(page)).toContainText('1 server that it launched stays up as it is; the other 1 launches.');
  await dialog(page).getByLabel('Reason', { exact: true }).fill('There is capacity now.');
  await dialog(page).getByLabel(/Type the plan's name/).fill('Continued plan');
  await dialog(page).getByRole('button', { name: 'Continue recovery: launch 1 server' }).click();
  await verdict(page, 'Completed: all 2 servers launched');
  await expect(page.getByText(kept)).toBeVisible();
  await expect(page.getByRole('link', { name: 'an earlier recovery' })).toBeVisible();
  await page.goto(`/executions/${first}`);
  await expect(button(page, 'Continue this recovery')).toBeDisabled();
});
