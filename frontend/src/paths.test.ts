import { describe, expect, it } from 'vitest';

import { paths, returnPath } from './paths';

describe('addresses', () => {
  it('are these', () => {
    expect({
      home: paths.home(),
      signIn: paths.signIn(),
      signInFrom: paths.signIn('/executions?status=FAILED'),
      executions: paths.executions(),
      execution: paths.execution('a/b'),
    }).toEqual({
      home: '/',
      signIn: '/sign-in',
      signInFrom: '/sign-in?from=%2Fexecutions%3Fstatus%3DFAILED',
      executions: '/executions',
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
