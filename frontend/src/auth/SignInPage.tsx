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
import { auth } from '../text/auth';
import { common } from '../text/common';
import type { SignInStep } from './cognito';
import { ChallengeForm } from './ChallengeForm';
import { ForgottenPasswordForm } from './ForgottenPasswordForm';
import { PasswordForm } from './PasswordForm';

type Challenge = Exclude<SignInStep, { kind: 'DONE' }>;

/** Signing in, with the questions that may follow the password. */
export default function SignInPage() {
  const { session } = useServices();
  const state = useSessionState();
  const [search] = useSearchParams();
  const [isForgotten, setIsForgotten] = useState(false);
  const [isReset, setIsReset] = useState(false);
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
      <title>{common.pageTitle(auth.signIn)}</title>
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
            {isReset && <Alert type="success">{auth.resetDone}</Alert>}
            <Container
              header={
                <Header variant="h1" description={auth.tagline}>
                  {common.product}
                </Header>
              }
            >
              {isForgotten ? (
                <ForgottenPasswordForm
                  onBack={(wasReset) => {
                    setIsForgotten(false);
                    setIsReset(wasReset);
                  }}
                />
              ) : challenge === undefined ? (
                <PasswordForm
                  onStep={proceed}
                  onForgotten={() => {
                    setIsForgotten(true);
                  }}
                />
              ) : (
                <ChallengeForm
                  key={challenge.kind}
                  challenge={challenge}
                  onStep={proceed}
                  onBack={() => {
                    setChallenge(undefined);
                  }}
                />
              )}
            </Container>
          </SpaceBetween>
        </Grid>
      </Box>
    </main>
  );
}
