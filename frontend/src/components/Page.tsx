import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import type { ReactNode } from 'react';

import { common } from '../text/common';
import type { HelpTopic } from '../text/shell';
import { useAnnouncedFrame } from './frame';
import { useHeadingFocus } from './heading-focus';

type Properties = {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  help?: HelpTopic | undefined;
  children: ReactNode;
};

/** The frame of a page: its one `h1`, its title, and the focus on it after a navigation. */
export function Page({ title, description, actions, help, children }: Properties) {
  const heading = useHeadingFocus();
  useAnnouncedFrame(title, help);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={description} actions={actions}>
          <span ref={heading} tabIndex={-1} className="outside-text">
            {title}
          </span>
        </Header>
      }
    >
      <title>{common.pageTitle(title)}</title>
      {children}
    </ContentLayout>
  );
}
