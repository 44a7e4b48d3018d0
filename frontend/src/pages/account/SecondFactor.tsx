import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { beginSetUp, secondFactorQuery, turnOff, type SetUp } from '../../auth/second-factor';
import { useSubmission } from '../../auth/submission';
import { ReasonedButton } from '../../components/ReasonedButton';
import { RefusalAlert } from '../../components/RefusalAlert';
import type { Configuration } from '../../configuration';
import { useServices } from '../../services';
import { account } from '../../text/account';
import { ConfirmDialog } from './ConfirmDialog';
import { SetUpDialog } from './SetUpDialog';

type Open = 'NOTHING' | 'TURN_OFF' | 'REPLACE';

/** The second factor of the person: what it is, and the ways to change it. */
export function SecondFactor({ email }: { email: string }) {
  const services = useServices();
  const { mfaConfiguration } = services.configuration;
  const queryClient = useQueryClient();
  const query = secondFactorQuery(services);
  const { data: read } = useSuspenseQuery(query);
  // Where everybody needs one, nobody is signed in without it.
  const state = mfaConfiguration === 'ON' ? 'ON' : read;
  const [open, setOpen] = useState<Open>('NOTHING');
  const [setUp, setSetUp] = useState<SetUp>();
  const begin = useSubmission(() => beginSetUp(services), setSetUp);
  const done = (content: string) => {
    setOpen('NOTHING');
    setSetUp(undefined);
    services.notifications.add({ type: 'success', content });
    void queryClient.invalidateQueries({ queryKey: query.queryKey });
  };
  return (
    <SpaceBetween size="m">
      <Facts state={state} rule={mfaConfiguration} />
      {state === 'ON' ? (
        <SpaceBetween direction="horizontal" size="xs">
          <Button
            onClick={() => {
              setOpen('REPLACE');
            }}
          >
            {account.replace}
          </Button>
          <ReasonedButton
            reason={mfaConfiguration === 'ON' ? account.required : undefined}
            onClick={() => {
              setOpen('TURN_OFF');
            }}
          >
            {account.turnOff}
          </ReasonedButton>
        </SpaceBetween>
      ) : (
        <Button
          loading={begin.isPending}
          onClick={() => {
            begin.submit(true);
          }}
        >
          {account.turnOn}
        </Button>
      )}
      {begin.error !== undefined && <RefusalAlert error={begin.error} />}
      {open !== 'NOTHING' && (
        <ConfirmDialog
          purpose={open}
          email={email}
          perform={async () => {
            if (open === 'REPLACE') {
              setSetUp(await beginSetUp(services));
              setOpen('NOTHING');
            } else {
              await turnOff(services);
              done(account.isOff);
            }
          }}
          onClose={() => {
            setOpen('NOTHING');
          }}
        />
      )}
      {setUp !== undefined && (
        <SetUpDialog
          email={email}
          setUp={setUp}
          onDone={() => {
            done(account.isOn);
          }}
          onClose={() => {
            setSetUp(undefined);
          }}
        />
      )}
    </SpaceBetween>
  );
}

type Facts = { state: 'ON' | 'OFF'; rule: Configuration['mfaConfiguration'] };

function Facts({ state, rule }: Facts) {
  return (
    <KeyValuePairs
      columns={2}
      items={[
        {
          label: account.state,
          value: (
            <StatusIndicator type={state === 'ON' ? 'success' : 'stopped'}>
              {account.states[state]}
            </StatusIndicator>
          ),
        },
        { label: account.rule, value: account.rules[rule] },
      ]}
    />
  );
}
