/** What the whole console shares, made once from its configuration. */
import type { QueryClient } from '@tanstack/react-query';
import { createContext, useContext, useSyncExternalStore } from 'react';

import { createApiClient, type ApiClient } from './api/client';
import { createQueryClient } from './api/query-client';
import type { UserPool } from './auth/cognito';
import { Session, type SessionState } from './auth/session';
import type { Configuration } from './configuration';
import { Notifications } from './lib/notifications';

export type Services = {
  configuration: Configuration;
  userPool: UserPool;
  session: Session;
  api: ApiClient;
  queryClient: QueryClient;
  notifications: Notifications;
};

export function createServices(configuration: Configuration): Services {
  const userPool = {
    endpoint: configuration.cognitoEndpoint,
    userPoolId: configuration.userPoolId,
    userPoolClientId: configuration.userPoolClientId,
  };
  const session = new Session(userPool, window.sessionStorage);
  const queryClient = createQueryClient();
  const notifications = new Notifications();
  session.subscribe(() => {
    // The next person at this screen sees nothing of what the last one saw.
    if (session.state().status === 'SIGNED_OUT') {
      queryClient.clear();
      notifications.clear();
    }
  });
  return {
    configuration,
    userPool,
    session,
    api: createApiClient(configuration.apiUrl, session),
    queryClient,
    notifications,
  };
}

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === undefined) {
    throw new Error('A component is rendered outside of ServicesContext.');
  }
  return services;
}

export function useSessionState(): SessionState {
  const { session } = useServices();
  return useSyncExternalStore(session.subscribe, session.state);
}
