/** Somebody without a token who writes an operator's address into everything that tells addresses. */
import type { Stack } from '../stack';

const AT_ONCE = 8;
const OPERATOR = '127.0.0.1';
const FORGED = {
  'x-forwarded-for': OPERATOR,
  'x-viewer-address': OPERATOR,
  'x-distribution-mark': 'aaaaaaaaaaaa',
};

/** How many requests were sent, and what they were answered with. */
export type Strange = { sent: number; answers: Record<string, number> };

/** So many requests, or as many as fit into the time. */
export async function strange({ apiUrl }: Stack, count: number, milliseconds: number): Promise<Strange> {
  const end = Date.now() + milliseconds;
  const answers: Record<string, number> = {};
  let sent = 0;
  const send = async () => {
    while (sent < count && Date.now() < end) {
      sent += 1;
      const answer = await answerOf(`${apiUrl}/executions`);
      answers[answer] = (answers[answer] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  return { sent, answers };
}

async function answerOf(address: string): Promise<string> {
  try {
    const response = await fetch(address, { headers: FORGED });
    await response.arrayBuffer();
    return response.status.toString();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
