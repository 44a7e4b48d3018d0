import { server } from './api';
import { button, dialog, expect, signIn, test, verdict } from './journey';

test.describe.configure({ timeout: 120_000 });

test.describe('without a network', () => {
  test.use({ provoked: /ERR_INTERNET_DISCONNECTED/ });

  test('while the API cannot be reached, what is known stays with its age', async ({ page, context, api }) => {
    await api.clear('Outage ');
    const group = await api.group('Outage servers', [server.web(6)]);
    const plan = await api.plan('Outage plan', [
      { key: 'web', name: 'Web', protectionGroupIds: [group], dependsOn: [], pauseBefore: true },
    ]);
    const execution = await api.startDrill(plan);
    await signIn(page, 'viewer', `/executions/${execution}`);
    await verdict(page, 'Held at the gate before Web');
    await context.setOffline(true);
    await expect(page.getByText('This is not up to date')).toBeVisible();
    await verdict(page, 'Held at the gate before Web');
    await context.setOffline(false);
    await expect(page.getByText('This is not up to date')).toBeHidden();
  });

  test('a page that cannot be loaded says so, and loads when there is a network again', async ({ page, context }) => {
    await signIn(page, 'viewer', '/protection-groups');
    await expect(page.getByRole('heading', { level: 1, name: 'Protection groups' })).toBeVisible();
    await context.setOffline(true);
    await page.getByRole('link', { name: 'Recovery plans' }).click();
    await expect(page.getByText(/could not be loaded|cannot be shown/).first()).toBeVisible();
    await context.setOffline(false);
    await button(page, /Try again|Load again/).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Recovery plans' })).toBeVisible();
  });
});

test.describe('whose configuration cannot be reached', () => {
  test.use({ provoked: /ERR_INTERNET_DISCONNECTED|ERR_FAILED/ });

  test('a console says so when it is opened, and starts by itself once it can', async ({ page }) => {
    await page.route('**/config.json', (route) => route.abort('internetdisconnected'));
    await page.goto('/executions');
    await expect(page.getByText('/config.json could not be reached.')).toBeVisible();
    await button(page, 'Try again').click();
    await expect(page.getByText('/config.json could not be reached.')).toBeVisible();
    await page.unroute('**/config.json');
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await expect(page.getByLabel('Email')).toBeVisible();
  });
});

test('while DRS cannot be looked at, the verdict is that it is not known', async ({ page, api, plant }) => {
  await api.clear('Blind ');
  const group = await api.group('Blind servers', [server.blind(1)], 'us-east-1');
  const plan = await api.plan('Blind plan', [
    { key: 'web', name: 'Web', protectionGroupIds: [group], dependsOn: [], pauseBefore: true },
  ]);
  const execution = await api.startDrill(plan);
  await signIn(page, 'drill-operator', `/executions/${execution}`);
  await verdict(page, 'Held at the gate before Web');
  const heal = await plant({
    when: { op: 'DescribeSourceServers', region: 'us-east-1' },
    do: { error: 'InternalServerException' },
  });
  await button(page, 'Open gate before Web').click();
  await dialog(page).getByRole('button', { name: 'Resume' }).click();
  await verdict(page, /Not known|DRS cannot be reached/);
  await heal();
  await verdict(page, 'Completed: all 1 server launched');
  await expect(page.getByText(/Not known since/)).toBeHidden();
});
