import Box from '@cloudscape-design/components/box';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { QrCode } from './QrCode';
import { useServices } from '../services';
import { auth } from '../text/auth';
import { common } from '../text/common';
import { keyAddress } from './code';

/** The key for an authenticator app, to be scanned or typed. It is shown once and kept nowhere. */
export function AuthenticatorKey({ email, secret }: { email: string; secret: string }) {
  const { configuration } = useServices();
  return (
    <SpaceBetween size="m">
      <Box textAlign="center">
        <QrCode text={keyAddress(configuration.environment, email, secret)} label={auth.picture} />
      </Box>
      <div>
        <Box variant="awsui-key-label">{auth.secret}</Box>
        <span className="outside-text">
          <CopyToClipboard
            variant="inline"
            textToCopy={secret}
            copyButtonAriaLabel={auth.copySecret}
            copySuccessText={common.copied}
            copyErrorText={common.copyFailed}
          />
        </span>
      </div>
    </SpaceBetween>
  );
}
