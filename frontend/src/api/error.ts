/** Everything that can go wrong with a call, as one kind of error that carries a sentence. */
import { withoutMarks } from '../lib/marks';
import { visible } from '../lib/shown';
import type { components } from './schema';

type WireProblem = components['schemas']['Problem'];
export type Fault = components['schemas']['Fault'];

/** What a refusal is about, as far as the server names it. */
export type About = Pick<WireProblem, 'by' | 'execution' | 'groups' | 'job' | 'kind' | 'plans' | 'servers'>;

type Problem = { code: string; detail: string; requestId?: string | null } & Partial<WireProblem>;

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  /** Each thing that is wrong with the request, with the path of its member. */
  readonly faults: readonly Fault[];
  readonly about: About;

  constructor(status: number, problem: Problem) {
    super(problem.detail);
    this.name = 'ApiError';
    this.status = status;
    this.code = problem.code;
    this.requestId = problem.requestId ?? undefined;
    this.faults = problem.faults ?? [];
    this.about = problem;
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
  return error instanceof Error ? capitalised(error.message) : 'Something failed without saying why.';
}

/** The sentence for places that take nothing but text, such as the fault of a field. */
export function plainSentence(error: unknown): string {
  return withoutMarks(sentence(error));
}

/** Whether the server refused with this code. */
export function hasCode(error: unknown, code: string): error is ApiError {
  return error instanceof ApiError && error.code === code;
}

/** `i-0123`, `s-0123`, `drsjob-0123`: they are written small. */
const BEGINS_WITH_ID = /^[a-z]+-[0-9a-f]+\b/;

/** Starts like a sentence and ends like one, and hides nothing, whoever wrote it. */
export function capitalised(text: string): string {
  const trimmed = visible(text.trim());
  const ended = /[.!?\u3002\uff01\uff1f\u2026]$/.test(trimmed) || trimmed === '' ? trimmed : `${trimmed}.`;
  return BEGINS_WITH_ID.test(ended) ? ended : ended.charAt(0).toUpperCase() + ended.slice(1);
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
