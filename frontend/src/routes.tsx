/** The whole map of the console; every page is loaded when it is first opened. */
import type { RouteObject } from 'react-router';

import { RequireSession } from './auth/RequireSession';
import { RouteFault } from './layout/RouteFault';
import { Waiting } from './layout/Waiting';

export const routes: RouteObject[] = [
  {
    ErrorBoundary: RouteFault,
    HydrateFallback: Waiting,
    children: [
      {
        path: '/sign-in',
        lazy: async () => ({ Component: (await import('./auth/SignInPage')).default }),
      },
      {
        Component: RequireSession,
        children: [
          {
            lazy: async () => ({ Component: (await import('./layout/Shell')).default }),
            ErrorBoundary: RouteFault,
            children: [
              {
                index: true,
                lazy: async () => ({
                  Component: (await import('./pages/dashboard/DashboardPage')).default,
                }),
              },
              {
                path: '/account',
                lazy: async () => ({
                  Component: (await import('./pages/account/AccountPage')).default,
                }),
              },
              {
                path: '/protection-groups',
                lazy: async () => ({
                  Component: (await import('./pages/groups/GroupsPage')).default,
                }),
              },
              {
                path: '/protection-groups/new',
                lazy: async () => ({
                  Component: (await import('./pages/groups/GroupFormPage')).default,
                }),
              },
              {
                path: '/protection-groups/:protectionGroupId',
                lazy: async () => ({
                  Component: (await import('./pages/groups/GroupPage')).default,
                }),
              },
              {
                path: '/protection-groups/:protectionGroupId/edit',
                lazy: async () => ({
                  Component: (await import('./pages/groups/GroupFormPage')).default,
                }),
              },
              {
                path: '/recovery-plans',
                lazy: async () => ({
                  Component: (await import('./pages/plans/PlansPage')).default,
                }),
              },
              {
                path: '/recovery-plans/new',
                lazy: async () => ({
                  Component: (await import('./pages/plans/PlanFormPage')).default,
                }),
              },
              {
                path: '/recovery-plans/:recoveryPlanId',
                lazy: async () => ({
                  Component: (await import('./pages/plans/PlanPage')).default,
                }),
              },
              {
                path: '/recovery-plans/:recoveryPlanId/edit',
                lazy: async () => ({
                  Component: (await import('./pages/plans/PlanFormPage')).default,
                }),
              },
              {
                path: '/executions',
                lazy: async () => ({
                  Component: (await import('./pages/executions/ExecutionsPage')).default,
                }),
              },
              {
                path: '/executions/:executionId',
                lazy: async () => ({
                  Component: (await import('./pages/executions/ExecutionPage')).default,
                }),
              },
              {
                path: '*',
                lazy: async () => ({
                  Component: (await import('./pages/NotFoundPage')).default,
                }),
              },
            ],
          },
        ],
      },
    ],
  },
];
