import AppLayout from '@cloudscape-design/components/app-layout';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import TopNavigation from '@cloudscape-design/components/top-navigation';
import { Outlet, useLocation, useNavigate } from 'react-router';

import { useServices, useSessionState } from '../services';
import { paths } from '../paths';
import { Navigation } from './Navigation';

/** What surrounds every page of a person who is signed in. */
export default function Shell() {
  const { pathname } = useLocation();
  return (
    <>
      <TopBar />
      <AppLayout
        headerSelector="#top-bar"
        navigation={<Navigation />}
        breadcrumbs={<Breadcrumbs pathname={pathname} />}
        toolsHide
        content={<Outlet />}
        ariaLabels={{
          navigation: 'Side navigation',
          navigationToggle: 'Open side navigation',
          navigationClose: 'Close side navigation',
        }}
      />
    </>
  );
}

function TopBar() {
  const { configuration, session } = useServices();
  const state = useSessionState();
  const navigate = useNavigate();
  const email = state.status === 'SIGNED_IN' ? state.email : '';
  return (
    <div id="top-bar">
      <TopNavigation
        identity={{
          href: paths.home(),
          title: 'DRS Orchestration',
          onFollow: (event) => {
            event.preventDefault();
            void navigate(paths.home());
          },
        }}
        utilities={[
          {
            type: 'button',
            iconName: 'settings',
            text: `${configuration.environment}, ${configuration.region}`,
            disableUtilityCollapse: true,
          },
          {
            type: 'menu-dropdown',
            iconName: 'user-profile',
            text: email,
            items: [{ id: 'sign-out', text: 'Sign out' }],
            onItemClick: () => {
              void session.signOut();
            },
          },
        ]}
      />
    </div>
  );
}

function Breadcrumbs({ pathname }: { pathname: string }) {
  const navigate = useNavigate();
  const items = [{ text: 'DRS Orchestration', href: paths.home() }];
  if (pathname.startsWith(paths.executions())) {
    items.push({ text: 'Executions', href: paths.executions() });
  }
  const executionId = /^\/executions\/([^/]+)/.exec(pathname)?.[1];
  if (executionId !== undefined) {
    items.push({ text: decodeURIComponent(executionId), href: pathname });
  }
  return (
    <BreadcrumbGroup
      items={items}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(event.detail.href);
      }}
    />
  );
}
