import { server } from './api';
import { button, dialog, expect, signIn, test, verdict } from './journey';

test.describe.configure({ timeout: 300_000 });
test.use({ provoked: /HTTP 409: .*\/api\/executions$|status of 409/ });

test('a recovery asks for name and reason, and a drill of its servers is refused by the guard', async ({ page, api }) => {
  await api.clear('Real ');
  const group = await api.group('Real servers', [server.web(3)]);
  const plan = await api.plan('Real plan', [
    { key: 'web', name: 'Web', protectionGroupIds: [group], dependsOn: [] },
  ]);
  await signIn(page, 'recovery-manager', `/recovery-plans/${plan}`);
  await button(page, 'Start recovery').click();
  const start = dialog(page).getByRole('button', { name: 'Start recovery of 1 server' });
  await expect(dialog(page)).toContainText('No instance will be destroyed.');
  await start.click();
  await expect(dialog(page)).toContainText('This is not the name of the plan.');
  await dialog(page).getByLabel('Reason', { exact: true }).fill('The Region is down.');
  await dialog(page).getByLabel(/Type the plan's name/).fill('Real plan');
  await start.click();
  await verdict(page, 'Completed: all 1 server launched');
  await expect(page.getByText(/^RECOVERY in account/)).toBeVisible();
  await expect(button(page, 'Terminate instances')).toBeDisabled();

  await signIn(page, 'administrator', `/recovery-plans/${plan}`);
  await button(page, 'Start drill').click();
  await expect(dialog(page)).toContainText('1 server must not be drilled');
  await dialog(page).getByRole('button', { name: 'Start drill on 1 server' }).click();
  await expect(dialog(page)).toContainText(/a drill would destroy it/);
});
