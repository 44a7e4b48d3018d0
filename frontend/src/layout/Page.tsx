import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import { useEffect, useRef, type ReactNode } from 'react';
import { useLocation } from 'react-router';

type Properties = {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
};

/** The frame of a page: its one `h1`, its title, and the focus on it after a navigation. */
export function Page({ title, description, actions, children }: Properties) {
  const heading = useRef<HTMLSpanElement>(null);
  const { key } = useLocation();
  const isFirstPage = useRef(key === 'default');

  // A browser moves the focus to a page that it loads; the router loads none, so this does.
  useEffect(() => {
    if (!isFirstPage.current) {
      heading.current?.focus();
    }
  }, []);

  return (
    <ContentLayout
      header={
        <Header variant="h1" description={description} actions={actions}>
          <span ref={heading} tabIndex={-1}>
            {title}
          </span>
        </Header>
      }
    >
      <title>{`${title} – DRS Orchestration`}</title>
      {children}
    </ContentLayout>
  );
}
