import { plantFault, server } from './api';
import { expect, signIn, test, verdict } from './journey';

test.describe.configure({ timeout: 300_000 });
test.use({ provoked: /ERR_INTERNET_DISCONNECTED|HTTP 50\d|status of 50\d/ });

test('while the API cannot be reached, what is known stays with its age', async ({ page, context, api }) => {
  await api.clear('Outage ');
  const group = await api.group('Outage servers', [server.web(6)]);
  const plan = await api.plan('Outage plan', [
    { key: 'web', name: 'Web', protectionGroupIds: [group], dependsOn: [], pauseBefore: true },
  ]);
  const execution = await api.start(plan);
  await signIn(page, 'viewer', `/executions/${execution}`);
  await verdict(page, 'Held at the gate before Web');
  await context.setOffline(true);
  await expect(page.getByText('This is not up to date')).toBeVisible();
  await verdict(page, 'Held at the gate before Web');
  await context.setOffline(false);
  await expect(page.getByText('This is not up to date')).toBeHidden();
});

test('while DRS cannot be looked at, the verdict is that it is not known', async ({ page, api, request }) => {
  await api.clear('Blind ');
  const group = await api.group('Blind servers', [server.web(7)]);
  const plan = await api.plan('Blind plan', [
    { key: 'web', name: 'Web', protectionGroupIds: [group], dependsOn: [] },
  ]);
  const execution = await api.start(plan);
  await signIn(page, 'viewer', `/executions/${execution}`);
  await verdict(page, /^Launching 1 server/);
  const heal = await plantFault(request, {
    when: { op: 'DescribeJobs' },
    do: { error: 'InternalServerException' },
  });
  await verdict(page, /^(Not known|DRS cannot be reached)/);
  await heal();
  await verdict(page, 'Completed: all 1 server launched');
  await expect(page.getByText(/Not known since/)).toBeHidden();
});
