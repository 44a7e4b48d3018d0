import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';

import type { Kind, SourceServer } from '../../../api/types';
import { serverText } from '../../../lib/server-name';
import { ServerName } from '../../../components/ServerName';
import { ServerSelection } from '../../../components/ServerSelection';
import { ShortList } from '../../../components/ShortList';
import { start as words } from '../../../text/plans';
import type { Outlook } from './outlook';
import type { StartWish, WishFaults } from './wish';

type Properties = {
  kind: Kind;
  outlook: Outlook;
  wish: StartWish;
  faults: WishFaults;
  onChange: (members: Partial<StartWish>) => void;
};

/** Which instances the start destroys, and which it must not. */
export function Instances(properties: Properties) {
  const { kind, outlook } = properties;
  if (outlook.isPending || outlook.servers.length === 0) {
    return null;
  }
  const { destroyed, guarded } = outlook;
  return (
    <SpaceBetween size="s">
      {destroyed.length === 0 && guarded.length === 0 && <div>{words.destroysNone}</div>}
      {destroyed.length > 0 && (
        <Alert type="warning" header={words.destroys(destroyed.length)}>
          {words.destroysText}
          <InstanceList servers={destroyed} />
        </Alert>
      )}
      {guarded.length > 0 && kind === 'DRILL' && (
        <Alert type="error" header={words.guarded(guarded.length)}>
          {words.guardedText(guarded.length)}
          <InstanceList servers={guarded} />
        </Alert>
      )}
      {guarded.length > 0 && kind === 'RECOVERY' && <Replacements {...properties} />}
    </SpaceBetween>
  );
}

function InstanceList({ servers }: { servers: readonly SourceServer[] }) {
  return (
    <ShortList
      items={servers}
      keyOf={({ sourceServerId }) => sourceServerId}
      render={(server) => (
        <>
          {words.destroysLine(server.recoveryInstance?.id ?? '', kindWord(server))}{' '}
          <ServerName server={server} variant="inline" />
        </>
      )}
    />
  );
}

function Replacements({ outlook, wish, faults, onChange }: Properties) {
  const instances = new Map(
    outlook.guarded.map((server) => [server.sourceServerId, server.recoveryInstance?.id ?? '']),
  );
  return (
    <SpaceBetween size="s">
      <ServerSelection
        label={words.replace}
        description={words.replaceText}
        noteTitle={words.replaceNote}
        empty={words.noServers}
        servers={outlook.guarded.map((server) => ({
          sourceServerId: server.sourceServerId,
          hostname: server.hostname,
          note: words.replaceOne(server.recoveryInstance?.id ?? ''),
        }))}
        labelOf={(server) =>
          words.replaceLabel(instances.get(server.sourceServerId) ?? '', serverText(server))
        }
        chosen={wish.replaced}
        onChange={(replaced) => {
          onChange({ replaced });
        }}
      />
      {wish.replaced.length > 0 && (
        <FormField stretch label={words.replaceReason(wish.replaced.length)} errorText={faults.replaceReason ?? ''}>
          <Input
            value={wish.replaceReason}
            onChange={({ detail }) => {
              onChange({ replaceReason: detail.value });
            }}
          />
        </FormField>
      )}
    </SpaceBetween>
  );
}

function kindWord(server: SourceServer): string {
  const kind = server.recoveryInstance?.kind;
  return kind == null ? words.kindUnknown : words.kindWords[kind];
}
