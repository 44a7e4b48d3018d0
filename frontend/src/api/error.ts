/** Everything that can go wrong with a call, as one kind of error that carries a sentence. */

/** The members of `application/problem+json` that the console reads. */
type Problem = { code: string; detail: string; requestId?: string | null };

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;

  constructor(status: number, problem: Problem) {
    super(problem.detail);
    this.name = 'ApiError';
    this.status = status;
    this.code = problem.code;
    this.requestId = problem.requestId ?? undefined;
  }

  /** Whether the same request may well succeed a little later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** No answer at all came back. */
export function unreachable(): ApiError {
  return new ApiError(0, {
    code: 'UNREACHABLE',
    detail: 'The server could not be reached. Check the network connection.',
  });
}

/** An answer that says no, whoever wrote it: the API, the gateway, or something in between. */
export function refusal(status: number, body: unknown): ApiError {
  if (isProblem(body)) {
    return new ApiError(status, body);
  }
  return new ApiError(status, {
    code: 'UNREADABLE',
    detail: `The server answered with HTTP ${status.toString()} and without a reason.`,
  });
}

/** The sentence to show for whatever was thrown. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : 'Something failed without saying why.';
}

function isProblem(body: unknown): body is Problem {
  return (
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    typeof body.code === 'string' &&
    'detail' in body &&
    typeof body.detail === 'string'
  );
}
