import AppLayout from '@cloudscape-design/components/app-layout';
import { useState } from 'react';
import { Outlet } from 'react-router';

import { shell } from '../text/shell';
import { Breadcrumbs } from './Breadcrumbs';
import { useFrame } from '../components/frame';
import { Help } from './Help';
import { IdleGuard } from './IdleGuard';
import { Navigation } from './Navigation';
import { NotificationBar } from './notifications';
import { TopBar } from './TopBar';

/** What surrounds every page of a person who is signed in. */
export default function Shell() {
  const { help } = useFrame();
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  return (
    <>
      <TopBar />
      <AppLayout
        headerSelector="#top-bar"
        navigation={<Navigation />}
        breadcrumbs={<Breadcrumbs />}
        notifications={<NotificationBar />}
        stickyNotifications
        content={<Outlet />}
        tools={help !== undefined && <Help topic={help} />}
        toolsHide={help === undefined}
        toolsOpen={isHelpOpen}
        onToolsChange={({ detail }) => {
          setIsHelpOpen(detail.open);
        }}
        ariaLabels={{
          navigation: shell.sideNavigation,
          navigationToggle: shell.openNavigation,
          navigationClose: shell.closeNavigation,
          notifications: shell.notifications,
          tools: shell.help,
          toolsToggle: shell.openHelp,
          toolsClose: shell.closeHelp,
        }}
      />
      <IdleGuard />
    </>
  );
}
