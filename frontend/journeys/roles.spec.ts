import { server } from './api';
import { button, expect, signIn, test } from './journey';

test('a viewer may look and nothing else, and a drill-operator may not recover', async ({ page, api }) => {
  await api.clear('Roles ');
  const group = await api.group('Roles servers', [server.web(5)]);
  const plan = await api.plan('Roles plan', [
    { key: 'web', name: 'Web', protectionGroupIds: [group], dependsOn: [], pauseBefore: true },
  ]);
  const execution = await api.startDrill(plan);
  await signIn(page, 'viewer', `/recovery-plans/${plan}`);
  for (const name of ['Delete', 'Edit', 'Start drill', 'Start recovery']) {
    await expect(button(page, name)).toBeDisabled();
  }
  await page.goto(`/executions/${execution}`);
  for (const name of ['Resume', 'Cancel execution', 'Open gate before Web']) {
    await expect(button(page, name)).toBeDisabled();
  }
  await signIn(page, 'drill-operator', `/recovery-plans/${plan}`);
  await expect(button(page, 'Start drill')).toBeEnabled();
  await expect(button(page, 'Start recovery')).toBeDisabled();
});
