import TopNavigation from '@cloudscape-design/components/top-navigation';
import { Mode } from '@cloudscape-design/global-styles';
import { useNavigate } from 'react-router';

import { usePermissions } from '../queries/permissions';
import { toggleMode, useMode } from '../lib/preferences';
import { paths } from '../paths';
import { useServices, useSessionState } from '../services';
import { common } from '../text/common';
import { shell } from '../text/shell';

const SIGN_OUT = 'sign-out';

/** Which stack this is and who is here. */
export function TopBar() {
  const { configuration, session } = useServices();
  const state = useSessionState();
  const permissions = usePermissions();
  const mode = useMode();
  const navigate = useNavigate();
  const roles = permissions.data?.roles ?? [];
  const email = state.status === 'SIGNED_IN' ? state.email : '';
  const modeText = mode === Mode.Dark ? shell.lightMode : shell.darkMode;
  return (
    <div id="top-bar">
      <TopNavigation
        identity={{
          href: paths.home(),
          title: common.product,
          onFollow: (event) => {
            event.preventDefault();
            void navigate(paths.home());
          },
        }}
        utilities={[
          {
            type: 'button',
            iconName: 'settings',
            text: shell.stack(configuration.environment, configuration.region),
          },
          {
            type: 'button',
            iconName: 'light-dark',
            ariaLabel: modeText,
            title: modeText,
            onClick: toggleMode,
          },
          {
            type: 'menu-dropdown',
            iconName: 'user-profile',
            text: shell.person(email, roles),
            description: roles.length === 0 ? shell.noRole : roles.join(', '),
            items: [
              { id: 'account', text: shell.account, href: paths.account() },
              { id: SIGN_OUT, text: shell.signOut },
            ],
            onItemFollow: (event) => {
              event.preventDefault();
              void navigate(paths.account());
            },
            onItemClick: ({ detail }) => {
              if (detail.id === SIGN_OUT) {
                void session.signOut();
              }
            },
          },
        ]}
      />
    </div>
  );
}
