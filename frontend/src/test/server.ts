/** The network of the tests: what no handler answers fails the test that asked for it. */
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';

export const ORIGIN = 'http://localhost:3000';

export const PERMISSIONS = {
  user: 'operator@example.com',
  roles: ['drill-operator', 'recovery-manager'],
  permissions: ['read', 'edit-plans', 'run-drills', 'run-recoveries'],
};

/** Every page asks what the person may do; those with plans ask how these ran last. */
export const server = setupServer(
  http.get('/api/user/permissions', () => HttpResponse.json(PERMISSIONS)),
  http.get('/api/statistics/recovery-plans', () => HttpResponse.json({ items: [] })),
);

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
