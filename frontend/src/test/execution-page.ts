/** The page of one execution over a server of the tests. */
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect } from 'vitest';

import type { Execution } from '../api/types';
import { pick } from './cloudscape';
import { open } from './render';
import { server } from './server';

type Body = Record<string, unknown>;

/** Serves `state.now`, and notes the commands. */
export function api(first: Execution) {
  const state = {
    now: first,
    etag: undefined as string | undefined,
    commands: [] as { command: string; body: Body }[],
    looks: [] as (string | null)[],
  };
  server.use(
    http.get('/api/executions/execution-1', ({ request }) => {
      const known = request.headers.get('If-None-Match');
      state.looks.push(known);
      if (state.etag !== undefined && known === state.etag) {
        return new HttpResponse(null, { status: 304 });
      }
      const headers = state.etag === undefined ? {} : { ETag: state.etag };
      return HttpResponse.json(state.now, { headers });
    }),
    http.post('/api/executions/execution-1/:command', async ({ params, request }) => {
      const body = JSON.parse(await request.text()) as Body;
      state.commands.push({ command: String(params.command), body });
      return HttpResponse.json(state.now);
    }),
  );
  return state;
}

export const show = (first: Execution) => {
  const state = api(first);
  open('/executions/execution-1');
  return state;
};

export const dialogOf = async (button: string, title: string) => {
  await userEvent.click(await screen.findByRole('button', { name: button }));
  return within(await screen.findByRole('dialog', { name: title }));
};

/** Opens a wave of the timeline into its servers. */
export const openWave = async (name: string) => {
  pick(await screen.findByRole('button', { name: /Servers of wave/ }), name);
};

export const token = expect.any(String) as string;
