import Link from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';

type Properties = {
  href: string;
  children: ReactNode;
  /** What the page is to know of who comes by this link. */
  state?: string;
};

/** A link to another page of the console, without loading the console again. */
export function InternalLink({ href, children, state }: Properties) {
  const navigate = useNavigate();
  return (
    <Link
      href={href}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(href, { state });
      }}
    >
      {children}
    </Link>
  );
}
