/** Starting and commanding executions. What changes is then read from the server, never assumed. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';

import { unwrap, type ApiClient } from '../api/client';
import type { Execution, StartRequest } from '../api/types';
import { useServices } from '../services';
import { executionKeys } from './executions';

export type Command =
  | { action: 'pause' }
  | { action: 'resume'; holdIds: string[]; comment: string }
  | { action: 'cancel'; reason: string; giveUpOn: string[] }
  | { action: 'retry'; waveKey: string; sourceServerIds: string[]; reason: string }
  | { action: 'skip'; waveKey: string; reason: string }
  | { action: 'resolve'; holdId: string; jobId: string; reason: string }
  | { action: 'terminateInstances'; confirm: string };

/** Sends a command of a person's. */
export function useCommand(executionId: string) {
  const { api } = useServices();
  const queryClient = useQueryClient();
  const tokens = useClientTokens();
  return useMutation({
    mutationFn: async (command: Command) => {
      await send(api, executionId, command, tokens.of(command));
      tokens.forget();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: executionKeys.all }),
  });
}

export function useStart() {
  const { api } = useServices();
  const queryClient = useQueryClient();
  const tokens = useClientTokens();
  return useMutation({
    mutationFn: (request: StartRequest) =>
      unwrap(api.POST('/executions', { body: { ...request, clientToken: tokens.of(request) } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: executionKeys.all }),
  });
}

/**
 * The same wish has the same token until it is granted: sent again after a lost answer, it has
 * no second effect. Another wish has another one.
 */
function useClientTokens() {
  const held = useRef(new Map<string, string>());
  return {
    of: (wish: unknown): string => {
      const key = JSON.stringify(wish);
      const token = held.current.get(key) ?? crypto.randomUUID();
      held.current.set(key, token);
      return token;
    },
    forget: () => {
      held.current.clear();
    },
  };
}

function send(
  api: ApiClient,
  executionId: string,
  command: Command,
  clientToken: string,
): Promise<Execution> {
  const params = { path: { executionId } };
  switch (command.action) {
    case 'pause':
      return unwrap(
        api.POST('/executions/{executionId}/pause', { params, body: { clientToken } }),
      );
    case 'resume': {
      const { holdIds, comment } = command;
      const body = { clientToken, holdIds, ...(comment === '' ? {} : { comment }) };
      return unwrap(api.POST('/executions/{executionId}/resume', { params, body }));
    }
    case 'cancel': {
      const { giveUpOn, reason } = command;
      const servers = giveUpOn.length === 0 ? {} : { giveUpOn };
      const body = { clientToken, ...servers, ...(reason === '' ? {} : { reason }) };
      return unwrap(api.POST('/executions/{executionId}/cancel', { params, body }));
    }
    case 'retry': {
      const { waveKey, sourceServerIds, reason } = command;
      const body = { clientToken, waveKey, sourceServerIds, ...(reason === '' ? {} : { reason }) };
      return unwrap(api.POST('/executions/{executionId}/retry', { params, body }));
    }
    case 'skip': {
      const { waveKey, reason } = command;
      const body = { clientToken, waveKey, reason };
      return unwrap(api.POST('/executions/{executionId}/skip', { params, body }));
    }
    case 'resolve': {
      const { holdId, jobId, reason } = command;
      const said = jobId === '' ? { noJob: true } : { jobId };
      const body = { clientToken, holdId, ...said, ...(reason === '' ? {} : { reason }) };
      return unwrap(api.POST('/executions/{executionId}/resolve', { params, body }));
    }
    case 'terminateInstances': {
      const body = { clientToken, confirm: command.confirm };
      return unwrap(api.POST('/executions/{executionId}/terminate-instances', { params, body }));
    }
  }
}
