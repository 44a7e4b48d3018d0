import Alert from '@cloudscape-design/components/alert';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';

import type { Kind, SourceServer } from '../../../api/types';
import { start as words } from '../../../text/plans';
import { nameOf, type Outlook } from './outlook';
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
          {words.guardedText}
          <InstanceList servers={guarded} />
        </Alert>
      )}
      {guarded.length > 0 && kind === 'RECOVERY' && <Replacements {...properties} />}
    </SpaceBetween>
  );
}

function InstanceList({ servers }: { servers: readonly SourceServer[] }) {
  return (
    <ul>
      {servers.map((server) => (
        <li key={server.sourceServerId}>
          {words.destroysLine(
            server.recoveryInstance?.id ?? '',
            kindWord(server),
            nameOf(server),
          )}
        </li>
      ))}
    </ul>
  );
}

function Replacements({ outlook, wish, faults, onChange }: Properties) {
  return (
    <SpaceBetween size="s">
      <FormField stretch label={words.replace} description={words.replaceText}>
        {outlook.guarded.map((server) => (
          <Checkbox
            key={server.sourceServerId}
            checked={wish.replaced.includes(server.sourceServerId)}
            onChange={({ detail }) => {
              const others = wish.replaced.filter((id) => id !== server.sourceServerId);
              onChange({
                replaced: detail.checked ? [...others, server.sourceServerId] : others,
              });
            }}
          >
            {words.replaceOne(server.recoveryInstance?.id ?? '', nameOf(server))}
          </Checkbox>
        ))}
      </FormField>
      {wish.replaced.length > 0 && (
        <FormField stretch label={words.replaceReason} errorText={faults.replaceReason ?? ''}>
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
