import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { idToken } from '../test/fixtures';
import { ORIGIN, server } from '../test/server';
import { Session } from './session';

const POOL = {
  endpoint: `${ORIGIN}/cognito/`,
  userPoolId: 'us-east-1_abcdefghi',
  userPoolClientId: 'client-1',
};
const STORED = 'drs-orchestration.refresh-token';

type Call = { operation: string; input: Record<string, unknown> };
let calls: Call[];

function cognito(answer: () => Response): void {
  server.use(
    http.post('/cognito/', async ({ request }) => {
      const target = request.headers.get('X-Amz-Target') ?? '';
      const input = JSON.parse(await request.text()) as Record<string, unknown>;
      calls.push({ operation: target.split('.')[1] ?? '', input });
      return answer();
    }),
  );
}

const renewed = () =>
  HttpResponse.json({
    AuthenticationResult: { IdToken: idToken('a@example.com'), AccessToken: 'access-2' },
  });
const refused = () =>
  HttpResponse.json(
    { __type: 'NotAuthorizedException', message: 'Refresh Token has been revoked' },
    { status: 400 },
  );

beforeEach(() => {
  calls = [];
});

function signedIn(lifetimeSeconds = 3_600): Session {
  const session = new Session(POOL, window.sessionStorage);
  session.start({
    idToken: idToken('a@example.com', lifetimeSeconds),
    accessToken: 'access-1',
    refreshToken: 'refresh-1',
  });
  return session;
}

describe('a session', () => {
  it('keeps the refresh token alone in the storage of the tab', () => {
    const session = signedIn();
    expect(session.state()).toEqual({ status: 'SIGNED_IN', email: 'a@example.com' });
    expect(Object.entries(window.sessionStorage)).toEqual([[STORED, 'refresh-1']]);
    expect(window.localStorage).toHaveLength(0);
  });

  it('uses its token until shortly before it ends', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const session = signedIn(3_600);
    const first = await session.idToken();
    vi.setSystemTime(Date.now() + 3_500_000);
    expect(await session.idToken()).toBe(first);
    cognito(renewed);
    vi.setSystemTime(Date.now() + 50_000);
    await session.idToken();
    expect(calls.map((call) => call.operation)).toEqual(['InitiateAuth']);
  });

  it('is renewed once for all who ask at the same time', async () => {
    cognito(renewed);
    const session = signedIn(0);
    const issued = await Promise.all([session.idToken(), session.idToken(), session.idToken()]);
    expect(new Set(issued)).toEqual(new Set([idToken('a@example.com')]));
    expect(calls).toHaveLength(1);
    expect(calls[0]?.input).toEqual({
      ClientId: 'client-1',
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: 'refresh-1' },
    });
  });

  it('has an access token beside the other, of the same age', async () => {
    const session = signedIn();
    expect(await session.accessToken()).toBe('access-1');
    cognito(renewed);
    const ended = signedIn(0);
    expect(await ended.accessToken()).toBe('access-2');
    expect(Object.entries(window.sessionStorage)).toEqual([[STORED, 'refresh-1']]);
  });

  it('is taken up again when the page is loaded again', async () => {
    window.sessionStorage.setItem(STORED, 'refresh-1');
    cognito(renewed);
    const session = new Session(POOL, window.sessionStorage);
    expect(session.state().status).toBe('RESTORING');
    await session.restore();
    expect(session.state().status).toBe('SIGNED_IN');
  });

  it('ends when its refresh token is no longer accepted', async () => {
    window.sessionStorage.setItem(STORED, 'refresh-1');
    cognito(refused);
    const session = new Session(POOL, window.sessionStorage);
    await session.restore();
    expect(session.state()).toMatchObject({ status: 'SIGNED_OUT' });
    expect(window.sessionStorage).toHaveLength(0);
  });

  it('can still be taken up later when Cognito cannot be reached now', async () => {
    window.sessionStorage.setItem(STORED, 'refresh-1');
    cognito(() => HttpResponse.error());
    const session = new Session(POOL, window.sessionStorage);
    await session.restore();
    expect(session.state()).toEqual({
      status: 'SIGNED_OUT',
      notice: 'The sign-in service could not be reached.',
    });
    expect(window.sessionStorage.getItem(STORED)).toBe('refresh-1');
  });

  it('revokes its refresh token when it is signed out', async () => {
    cognito(() => HttpResponse.json({}));
    const session = signedIn();
    await session.signOut();
    expect(session.state()).toEqual({ status: 'SIGNED_OUT', notice: undefined });
    expect(calls).toEqual([
      { operation: 'RevokeToken', input: { ClientId: 'client-1', Token: 'refresh-1' } },
    ]);
    expect(window.sessionStorage).toHaveLength(0);
    expect(await session.idToken()).toBeUndefined();
  });

  it('says so when the server could not be told of the sign-out', async () => {
    cognito(() => HttpResponse.error());
    const session = signedIn();
    await session.signOut();
    expect(session.state()).toMatchObject({
      status: 'SIGNED_OUT',
      notice: expect.stringContaining('could not be told') as string,
    });
  });

  it('is not brought back by a renewal that comes in after the sign-out', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.use(
      http.post('/cognito/', async ({ request }) => {
        if (request.headers.get('X-Amz-Target')?.endsWith('InitiateAuth') === true) {
          await held;
          return renewed();
        }
        return HttpResponse.json({});
      }),
    );
    const session = signedIn(0);
    const renewal = session.idToken();
    await session.signOut();
    release();
    expect(await renewal).toBeUndefined();
    expect(session.state().status).toBe('SIGNED_OUT');
  });
});
