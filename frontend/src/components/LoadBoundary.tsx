import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Spinner from '@cloudscape-design/components/spinner';
import { QueryErrorResetBoundary } from '@tanstack/react-query';
import { Component, Suspense, type ReactNode } from 'react';

import { SentenceText } from './SentenceText';
import { ApiError, sentence } from '../api/error';
import { Page } from './Page';
import { common } from '../text/common';

type Properties = {
  /** The heading while there is nothing to show yet. */
  title: string;
  /** What is loaded; a failure to load one thing is forgotten when it is another. */
  subject: string;
  /** What to show when the server knows no such thing. */
  missing?: ReactNode;
  /** What stands around the waiting and the failure: the page, unless it is a part of one. */
  frame?: (content: ReactNode) => ReactNode;
  children: ReactNode;
};

/** A part of a page that loads what it shows; the rest of the page waits for nothing of it. */
export function PartBoundary({ title, children }: Pick<Properties, 'title' | 'children'>) {
  return (
    <LoadBoundary title={title} subject="" frame={(content) => content}>
      {children}
    </LoadBoundary>
  );
}

/** A page that loads what it shows: the same heading while it waits and when that fails. */
export function LoadBoundary({ title, subject, missing, children, ...rest }: Properties) {
  const frame = rest.frame ?? ((content: ReactNode) => <Page title={title}>{content}</Page>);
  const waiting = frame(
    <span role="status">
      <Spinner /> {common.loading}
    </span>,
  );
  return (
    <QueryErrorResetBoundary>
      {({ reset }) => (
        <ErrorBoundary
          title={title}
          subject={subject}
          missing={missing}
          frame={frame}
          onRetry={reset}
        >
          <Suspense fallback={waiting}>{children}</Suspense>
        </ErrorBoundary>
      )}
    </QueryErrorResetBoundary>
  );
}

type BoundaryProperties = Properties & {
  frame: (content: ReactNode) => ReactNode;
  onRetry: () => void;
};
type BoundaryState = { subject: string; failure: { error: unknown } | undefined };

class ErrorBoundary extends Component<BoundaryProperties, BoundaryState> {
  override state: BoundaryState = { subject: this.props.subject, failure: undefined };

  static getDerivedStateFromError(error: unknown): Pick<BoundaryState, 'failure'> {
    return { failure: { error } };
  }

  static getDerivedStateFromProps(
    { subject }: BoundaryProperties,
    state: BoundaryState,
  ): BoundaryState | null {
    return subject === state.subject ? null : { subject, failure: undefined };
  }

  readonly retry = (): void => {
    this.props.onRetry();
    this.setState({ failure: undefined });
  };

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === undefined) {
      return this.props.children;
    }
    const { error } = failure;
    const isMissing = error instanceof ApiError && error.status === 404;
    if (isMissing && this.props.missing !== undefined) {
      return this.props.frame(this.props.missing);
    }
    return this.props.frame(
      <Alert
        type="error"
        header="This could not be loaded"
        action={<Button onClick={this.retry}>Try again</Button>}
      >
        <SentenceText>{sentence(error)}</SentenceText>
        {error instanceof ApiError && error.requestId !== undefined && (
          <> Request {error.requestId}.</>
        )}
      </Alert>,
    );
  }
}
