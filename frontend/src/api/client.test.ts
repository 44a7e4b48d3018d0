import { http, HttpResponse } from 'msw';
import { describe, expect, it, vi } from 'vitest';

import { execution, problem } from '../test/fixtures';
import { server } from '../test/server';
import { createApiClient, unwrap, type TokenSource } from './client';
import { ApiError } from './error';

const tokens = (idToken: string | undefined): TokenSource & { expire: () => void } => ({
  idToken: () => Promise.resolve(idToken),
  expire: vi.fn(),
});

function read(source: TokenSource) {
  const client = createApiClient('/api', source);
  return unwrap(
    client.GET('/executions/{executionId}', { params: { path: { executionId: 'a b' } } }),
  );
}

async function failureOf(source: TokenSource): Promise<ApiError> {
  const error: unknown = await read(source).catch((thrown: unknown) => thrown);
  if (error instanceof ApiError) {
    return error;
  }
  throw new Error('The call did not fail with an ApiError.');
}

describe('a call', () => {
  it('carries the token of the session', async () => {
    let authorization: string | null = null;
    server.use(
      http.get('/api/executions/a%20b', ({ request }) => {
        authorization = request.headers.get('Authorization');
        return HttpResponse.json(execution());
      }),
    );
    expect((await read(tokens('token-1'))).executionId).toBe('execution-1');
    expect(authorization).toBe('Bearer token-1');
  });

  it('that is refused fails with the sentence and the code of the server', async () => {
    const body = problem(409, 'NOT_ALLOWED_NOW', 'It has ended.');
    server.use(http.get('/api/executions/*', () => HttpResponse.json(body, { status: 409 })));
    const error = await failureOf(tokens('token-1'));
    expect(error).toMatchObject({
      status: 409,
      code: 'NOT_ALLOWED_NOW',
      message: 'It has ended.',
      requestId: 'r-1',
      isPassing: false,
    });
  });

  it('whose token is not accepted ends the session', async () => {
    const source = tokens('token-1');
    const body = problem(401, 'UNAUTHENTICATED', 'The token has expired.');
    server.use(http.get('/api/executions/*', () => HttpResponse.json(body, { status: 401 })));
    expect((await failureOf(source)).status).toBe(401);
    expect(source.expire).toHaveBeenCalledOnce();
  });

  it('that is answered by something else than the API says so', async () => {
    server.use(
      http.get('/api/executions/*', () => new HttpResponse('<html>', { status: 502 })),
    );
    const error = await failureOf(tokens('token-1'));
    expect(error).toMatchObject({ status: 502, code: 'UNREADABLE', isPassing: true });
  });

  it('that reaches nobody says so', async () => {
    server.use(http.get('/api/executions/*', () => HttpResponse.error()));
    expect(await failureOf(tokens('token-1'))).toMatchObject({ status: 0, code: 'UNREACHABLE' });
  });
});
