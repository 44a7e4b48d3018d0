import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Spinner from '@cloudscape-design/components/spinner';
import { QueryErrorResetBoundary } from '@tanstack/react-query';
import { Component, Suspense, type ReactNode } from 'react';

import { ApiError, sentence } from '../api/error';
import { Page } from '../layout/Page';

type Properties = {
  /** The heading while there is nothing to show yet. */
  title: string;
  /** What is loaded; a failure to load one thing is forgotten when it is another. */
  subject: string;
  /** What to show when the server knows no such thing. */
  missing?: ReactNode;
  children: ReactNode;
};

/** A page that loads what it shows: the same heading while it waits and when that fails. */
export function LoadBoundary({ title, subject, missing, children }: Properties) {
  const waiting = (
    <Page title={title}>
      <span role="status">
        <Spinner /> Loading
      </span>
    </Page>
  );
  return (
    <QueryErrorResetBoundary>
      {({ reset }) => (
        <ErrorBoundary title={title} subject={subject} missing={missing} onRetry={reset}>
          <Suspense fallback={waiting}>{children}</Suspense>
        </ErrorBoundary>
      )}
    </QueryErrorResetBoundary>
  );
}

type BoundaryProperties = Properties & { onRetry: () => void };
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
      return <Page title={this.props.title}>{this.props.missing}</Page>;
    }
    return (
      <Page title={this.props.title}>
        <Alert
          type="error"
          header="This could not be loaded"
          action={<Button onClick={this.retry}>Try again</Button>}
        >
          {sentence(error)}
          {error instanceof ApiError && error.requestId !== undefined && (
            <> Request {error.requestId}.</>
          )}
        </Alert>
      </Page>
    );
  }
}
