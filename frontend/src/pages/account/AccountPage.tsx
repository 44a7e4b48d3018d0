import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { PartBoundary } from '../../components/LoadBoundary';
import { OutsideText } from '../../components/OutsideText';
import { usePermissions } from '../../queries/permissions';
import { Page } from '../../components/Page';
import { useServices, useSessionState } from '../../services';
import { account } from '../../text/account';
import { common } from '../../text/common';
import { SecondFactor } from './SecondFactor';

/** Who is signed in, and how they prove it. */
export default function AccountPage() {
  const { configuration } = useServices();
  const state = useSessionState();
  const email = state.status === 'SIGNED_IN' ? state.email : '';
  return (
    <Page title={account.title}>
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">{account.person}</Header>}>
          <KeyValuePairs
            columns={2}
            items={[
              { label: account.email, value: <OutsideText>{email}</OutsideText> },
              { label: account.roles, value: <Roles /> },
            ]}
          />
        </Container>
        <Container
          header={
            <Header variant="h2" description={account.factorText}>
              {account.factor}
            </Header>
          }
        >
          {configuration.mfaConfiguration === 'OFF' ? (
            account.rules.OFF
          ) : (
            <PartBoundary title={account.factor}>
              <SecondFactor email={email} />
            </PartBoundary>
          )}
        </Container>
      </SpaceBetween>
    </Page>
  );
}

function Roles() {
  const { data, isError } = usePermissions();
  if (data === undefined) {
    return isError ? common.permissionsUnread : common.permissionsLoading;
  }
  return data.roles.length === 0 ? account.noRoles : data.roles.join(', ');
}
