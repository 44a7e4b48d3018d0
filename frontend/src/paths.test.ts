import { describe, expect, it } from 'vitest';

import { paths, returnPath } from './paths';

describe('addresses', () => {
  it('are these', () => {
    expect({
      home: paths.home(),
      signIn: paths.signIn(),
      signInFrom: paths.signIn('/executions?status=FAILED'),
      groups: paths.groups(),
      newGroup: paths.newGroup(),
      group: paths.group('a/b'),
      editGroup: paths.editGroup('a/b'),
      plans: paths.plans(),
      newPlan: paths.newPlan(),
      plan: paths.plan('a/b'),
      continueRecovery: paths.continueRecovery('a/b', 'c/d'),
      editPlan: paths.editPlan('a/b'),
      executions: paths.executions(),
      failed: paths.executions({ status: 'FAILED' }),
      execution: paths.execution('a/b'),
    }).toEqual({
      home: '/',
      signIn: '/sign-in',
      signInFrom: '/sign-in?from=%2Fexecutions%3Fstatus%3DFAILED',
      groups: '/protection-groups',
      newGroup: '/protection-groups/new',
      group: '/protection-groups/a%2Fb',
      editGroup: '/protection-groups/a%2Fb/edit',
      plans: '/recovery-plans',
      newPlan: '/recovery-plans/new',
      plan: '/recovery-plans/a%2Fb',
      continueRecovery: '/recovery-plans/a%2Fb?continueFrom=c%2Fd',
      editPlan: '/recovery-plans/a%2Fb/edit',
      executions: '/executions',
      failed: '/executions?status=FAILED',
      execution: '/executions/a%2Fb',
    });
  });

  it('of other sites are never returned to', () => {
    expect(returnPath('/executions/1')).toBe('/executions/1');
    for (const foreign of ['//evil.example', '/\\evil.example', 'https://evil.example', '', null]) {
      expect(returnPath(foreign)).toBe('/');
    }
  });
});
