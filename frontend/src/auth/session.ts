/**
 * Who is signed in. ID and access token live in memory; the refresh token in the tab's storage, so
 * that a reload does not ask again and a closed tab is signed out.
 */
import { refreshTokens, revokeToken, type Tokens, type UserPool } from './cognito';
import { SignInError } from './cognito-error';
import { plainSentence } from '../api/error';

export type SessionState =
  | { status: 'RESTORING' }
  | { status: 'SIGNED_OUT'; notice: string | undefined }
  | { status: 'SIGNED_IN'; email: string };

const STORAGE_KEY = 'drs-orchestration.refresh-token';
/** A token is renewed this long before it ends, so that no request carries one that has just ended. */
const RENEWED_BEFORE_END_MS = 60_000;

type Held = { tokens: Tokens; endsAt: number };

export class Session {
  readonly #pool: UserPool;
  readonly #storage: Storage;
  readonly #listeners = new Set<() => void>();
  #state: SessionState = { status: 'RESTORING' };
  #held: Held | undefined;
  #renewal: Promise<Tokens | undefined> | undefined;

  constructor(pool: UserPool, storage: Storage) {
    this.#pool = pool;
    this.#storage = storage;
  }

  readonly state = (): SessionState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes up the session that this tab had before it was loaded again. */
  async restore(): Promise<void> {
    if (this.#storage.getItem(STORAGE_KEY) === null) {
      this.#become({ status: 'SIGNED_OUT', notice: undefined });
      return;
    }
    await this.#renewOnce();
  }

  /** Begins a session with the tokens of a finished sign-in. */
  readonly start = (tokens: Tokens): void => {
    const claims = claimsOf(tokens.idToken);
    this.#held = { tokens, endsAt: Date.now() + claims.lifetimeMs };
    if (tokens.refreshToken !== undefined) {
      this.#storage.setItem(STORAGE_KEY, tokens.refreshToken);
    }
    this.#become({ status: 'SIGNED_IN', email: claims.email });
  };

  /** A token that is good for at least another minute; renewed at most once at a time. */
  readonly idToken = async (): Promise<string | undefined> => (await this.#fresh())?.idToken;

  /** The same for what a person changes at Cognito. */
  readonly accessToken = async (): Promise<string | undefined> => (await this.#fresh())?.accessToken;

  /** The server refused the token: whoever is here has to sign in again. */
  readonly expire = (): void => {
    this.#forget('Your session has ended. Sign in again.');
  };

  readonly signOut = async (notice?: string): Promise<void> => {
    const refreshToken = this.#storage.getItem(STORAGE_KEY);
    this.#forget(notice);
    if (refreshToken === null) {
      return;
    }
    try {
      await revokeToken(this.#pool, refreshToken);
    } catch (error) {
      const reason = plainSentence(error);
      this.#forget(`You are signed out here, but the server could not be told. ${reason}`);
    }
  };

  async #fresh(): Promise<Tokens | undefined> {
    if (this.#held !== undefined && Date.now() < this.#held.endsAt - RENEWED_BEFORE_END_MS) {
      return this.#held.tokens;
    }
    return this.#renewOnce();
  }

  #renewOnce(): Promise<Tokens | undefined> {
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renew(): Promise<Tokens | undefined> {
    const refreshToken = this.#storage.getItem(STORAGE_KEY);
    if (refreshToken === null) {
      return undefined;
    }
    try {
      const tokens = await refreshTokens(this.#pool, refreshToken);
      if (this.#storage.getItem(STORAGE_KEY) !== refreshToken) {
        // Signed out, or in as somebody else, in the meantime.
        return undefined;
      }
      this.start(tokens);
      return tokens;
    } catch (error) {
      this.#renewalFailed(error);
      return undefined;
    }
  }

  #renewalFailed(error: unknown): void {
    const isRefused = error instanceof SignInError && error.code === 'NotAuthorizedException';
    if (isRefused) {
      this.expire();
    } else if (this.#state.status === 'RESTORING') {
      // The refresh token stays, so that loading the page again can still succeed.
      this.#become({ status: 'SIGNED_OUT', notice: plainSentence(error) });
    } else {
      throw error;
    }
  }

  #forget(notice: string | undefined): void {
    this.#held = undefined;
    this.#storage.removeItem(STORAGE_KEY);
    this.#become({ status: 'SIGNED_OUT', notice });
  }

  #become(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/**
 * What the console reads of its own token. The lifetime is taken as a length, because the
 * clocks of this machine and of the issuer may differ. The server alone verifies tokens.
 */
function claimsOf(idToken: string): { email: string; lifetimeMs: number } {
  const payload = idToken.split('.')[1] ?? '';
  const bytes = Uint8Array.from(
    atob(payload.replaceAll('-', '+').replaceAll('_', '/')),
    (character) => character.charCodeAt(0),
  );
  const claims = new Map<string, unknown>(
    Object.entries(JSON.parse(new TextDecoder().decode(bytes)) as object),
  );
  const email = claims.get('email') ?? claims.get('cognito:username');
  const lifetime = Number(claims.get('exp')) - Number(claims.get('iat'));
  return {
    email: typeof email === 'string' ? email : 'unknown',
    lifetimeMs: Number.isFinite(lifetime) ? lifetime * 1_000 : 0,
  };
}
