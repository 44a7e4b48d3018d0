import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { Navigate, useSearchParams } from 'react-router';

import { returnPath } from '../paths';
import { useServices, useSessionState } from '../services';
import type { SignInStep } from './cognito';
import { ChallengeForm } from './ChallengeForm';
import { PasswordForm } from './PasswordForm';

type Challenge = Exclude<SignInStep, { kind: 'DONE' }>;

/** Signing in, with the questions that may follow the password. */
export default function SignInPage() {
  const { session } = useServices();
  const state = useSessionState();
  const [search] = useSearchParams();
  const [challenge, setChallenge] = useState<Challenge | undefined>();

  if (state.status === 'SIGNED_IN') {
    return <Navigate to={returnPath(search.get('from'))} replace />;
  }
  const proceed = (step: SignInStep) => {
    if (step.kind === 'DONE') {
      session.start(step.tokens);
    } else {
      setChallenge(step);
    }
  };
  return (
    <main>
      <title>Sign in – DRS Orchestration</title>
      <Box padding="xxl">
        <Grid
          gridDefinition={[
            { colspan: { default: 12, xs: 8, s: 4 }, offset: { default: 0, xs: 2, s: 4 } },
          ]}
        >
          <SpaceBetween size="l">
            {state.status === 'SIGNED_OUT' && state.notice !== undefined && (
              <Alert type="info">{state.notice}</Alert>
            )}
            <Container
              header={
                <Header variant="h1" description="Disaster recovery of your servers on AWS.">
                  DRS Orchestration
                </Header>
              }
            >
              {challenge === undefined ? (
                <PasswordForm onStep={proceed} />
              ) : (
                <ChallengeForm key={challenge.kind} challenge={challenge} onStep={proceed} />
              )}
            </Container>
          </SpaceBetween>
        </Grid>
      </Box>
    </main>
  );
}
