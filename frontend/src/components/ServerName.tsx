import Box from '@cloudscape-design/components/box';
import { ClampedText } from './ClampedText';

import { OutsideText } from './OutsideText';
import { hasVisibleName, type Named } from '../lib/server-name';

type Properties = {
  server: Named;
  /** The id below the name, as in a table, or behind it, as in a sentence. */
  variant?: 'stacked' | 'inline';
};

/** A server, wherever one is shown: its name, and always its id, since names are not unique. */
export function ServerName({ server, variant = 'stacked' }: Properties) {
  const { hostname, sourceServerId } = server;
  if (!hasVisibleName(hostname)) {
    return <OutsideText>{sourceServerId}</OutsideText>;
  }
  return variant === 'stacked' ? (
    <>
      <ClampedText>{hostname.trim()}</ClampedText>
      <Box variant="small" display="block">
        {sourceServerId}
      </Box>
    </>
  ) : (
    <>
      <OutsideText>{hostname.trim()}</OutsideText>{' '}
      <span className="unbroken">({sourceServerId})</span>
    </>
  );
}
