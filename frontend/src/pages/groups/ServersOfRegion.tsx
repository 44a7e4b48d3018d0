import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { sentence } from '../../api/error';
import type { SourceServer } from '../../api/types';
import { EmptyState } from '../../components/EmptyState';
import { Freshness } from '../../components/Freshness';
import { PartBoundary } from '../../components/LoadBoundary';
import { SentenceText } from '../../components/SentenceText';
import { discoveryQuery, sourceServersQuery, type Place } from '../../queries/drs';
import { useServices } from '../../services';
import { common } from '../../text/common';
import { groups as words } from '../../text/groups';

type Properties = { place: Place; children: (servers: readonly SourceServer[]) => ReactNode };

/**
 * The servers that DRS replicates in a place, or what is to be said instead of them. What they
 * wait for besides is waited for here: the form around them stays, with who is typing in it.
 */
export function ServersOfRegion({ place, children }: Properties) {
  const { api } = useServices();
  const query = useQuery(sourceServersQuery(api, place));
  if (query.data === undefined) {
    return (
      <Framed>
        {query.isError ? (
          <Alert
            type="error"
            header={words.lookFailed}
            action={
              <Button
                onClick={() => {
                  void query.refetch();
                }}
              >
                {common.tryAgain}
              </Button>
            }
          >
            <SentenceText>{sentence(query.error)}</SentenceText>
          </Alert>
        ) : (
          <span role="status">
            <Spinner /> {words.discovering} <Progress place={place} />
          </span>
        )}
      </Framed>
    );
  }
  if (!query.data.initialized) {
    return (
      <Framed>
        <Alert type="warning" header={words.notInitialisedTitle}>
          {words.notInitialised(place.region)}
        </Alert>
      </Framed>
    );
  }
  if (query.data.items.length === 0) {
    return (
      <Framed>
        <EmptyState title={words.noServersTitle}>{words.noServers(place.region)}</EmptyState>
      </Framed>
    );
  }
  return (
    <>
      <Freshness query={query} />
      <PartBoundary title={words.serversTitle}>{children(query.data.items)}</PartBoundary>
    </>
  );
}

/** A place with thousands of servers takes several requests. */
function Progress({ place }: { place: Place }) {
  const { data: count } = useQuery(discoveryQuery(place));
  return count === 0 ? null : `(${words.discovered(count)})`;
}

function Framed({ children }: { children: ReactNode }) {
  return (
    <Container header={<Header variant="h2">{words.serversTitle}</Header>}>{children}</Container>
  );
}
