/** The network of the tests: what no handler answers fails the test that asked for it. */
import { setupServer } from 'msw/node';

export const ORIGIN = 'http://localhost:3000';

export const server = setupServer();

const unhandled: string[] = [];

export function listen(): void {
  server.listen({
    onUnhandledRequest: (request, print) => {
      unhandled.push(`${request.method} ${request.url}`);
      print.error();
    },
  });
}

/** The requests that nobody answered since the last call. */
export function takeUnhandled(): string[] {
  return unhandled.splice(0);
}
