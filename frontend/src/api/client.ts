/** The one way to the API: the session's token goes in, a value or an `ApiError` comes out. */
import createClient, { type Client } from 'openapi-fetch';

import { ApiError, refusal, unreachable } from './error';
import type { paths } from './schema';

export type ApiClient = Client<paths>;

/** What the client needs of a session. */
export type TokenSource = {
  /** A token that is still valid, or nothing when nobody is signed in. */
  idToken: () => Promise<string | undefined>;
  /** The server no longer accepts the token. */
  expire: () => void;
};

export function createApiClient(apiUrl: string, tokens: TokenSource): ApiClient {
  const client = createClient<paths>({ baseUrl: new URL(apiUrl, window.location.href).href });
  client.use({
    async onRequest({ request }) {
      const token = await tokens.idToken();
      if (token !== undefined) {
        request.headers.set('Authorization', `Bearer ${token}`);
      }
      return request;
    },
    onResponse({ response }) {
      if (response.status === 401) {
        tokens.expire();
      }
    },
    onError({ error }) {
      return error instanceof ApiError ? error : unreachable();
    },
  });
  return client;
}

/** Turns the client's answer into its body, or throws what it says. */
export async function unwrap<Body>(
  call: Promise<{ data?: Body; error?: unknown; response: Response }>,
): Promise<Body> {
  const { data, error, response } = await call;
  if (!response.ok) {
    throw refusal(response.status, error);
  }
  if (data === undefined) {
    throw refusal(response.status, undefined);
  }
  return data;
}

/** For an answer without a body: throws what it says when it says no. */
export async function settle(call: Promise<{ error?: unknown; response: Response }>): Promise<void> {
  const { error, response } = await call;
  if (!response.ok) {
    throw refusal(response.status, error);
  }
}
