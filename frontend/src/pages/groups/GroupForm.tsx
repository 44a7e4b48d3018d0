import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Form from '@cloudscape-design/components/form';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';

import { hasCode } from '../../api/error';
import type { ProtectionGroup } from '../../api/types';
import { faultsElsewhere, faultsOf, faultText } from '../../api/faults';
import { RefusalAlert } from '../../components/RefusalAlert';
import { useFocusOnFault } from '../../lib/focus-on-fault';
import { paths } from '../../paths';
import { useSaveGroup } from '../../queries/groups';
import { useServices } from '../../services';
import { common } from '../../text/common';
import { groups as words } from '../../text/groups';
import { draftOf, FIELDS, requestOf, type GroupDraft } from './draft';
import { GroupDetailsFields } from './GroupDetailsFields';
import { ServerChoice } from './ServerChoice';
import { ServersOfRegion } from './ServersOfRegion';

type Properties = { existing: ProtectionGroup | undefined; onReload: () => void };

/** The filter of the servers is outside of the form: its Enter key sends nothing. */
const FORM_ID = 'protection-group';

/** Makes or changes a group. The server alone says what is wrong with it. */
export function GroupForm({ existing, onReload }: Properties) {
  const { configuration, notifications } = useServices();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(() => draftOf(existing, configuration.region));
  const save = useSaveGroup(existing);
  const form = useRef<HTMLDivElement>(null);
  const faults = faultsOf(save.error);
  useFocusOnFault(form, save.error);
  const change = (members: Partial<GroupDraft>) => {
    setDraft((now) => ({ ...now, ...members }));
  };
  const leave = () =>
    navigate(existing === undefined ? paths.groups() : paths.group(existing.protectionGroupId));
  const submit = () => {
    save.mutate(requestOf(draft), {
      onSuccess: (saved) => {
        const content = (existing === undefined ? words.created : words.saved)(saved.name);
        notifications.add({ type: 'success', content });
        void navigate(paths.group(saved.protectionGroupId));
      },
    });
  };
  const accountId = draft.accountId.trim();
  return (
    <div ref={form}>
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => void leave()}>
              {common.cancel}
            </Button>
            <Button
              variant="primary"
              form={FORM_ID}
              loading={save.isPending}
              loadingText={common.beingSent}
            >
              {existing === undefined ? words.create : words.save}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <SaveFault error={save.error} onReload={onReload} />
          <form
            id={FORM_ID}
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              submit();
            }}
          >
            <GroupDetailsFields
              draft={draft}
              isExisting={existing !== undefined}
              faults={faults}
              onChange={change}
            />
          </form>
          {draft.region === '' ? (
            <Alert>{words.chooseRegion}</Alert>
          ) : (
            <ServersOfRegion
              key={`${draft.region} ${accountId}`}
              place={{ region: draft.region, ...(accountId === '' ? {} : { accountId }) }}
            >
              {(servers) => (
                <ServerChoice
                  servers={servers}
                  ownId={existing?.protectionGroupId}
                  chosen={draft.sourceServerIds}
                  fault={faultText(faults, 'sourceServerIds')}
                  onChange={(sourceServerIds) => {
                    change({ sourceServerIds });
                  }}
                />
              )}
            </ServersOfRegion>
          )}
        </SpaceBetween>
      </Form>
    </div>
  );
}

function SaveFault({ error, onReload }: { error: unknown; onReload: () => void }) {
  if (error === null) {
    return null;
  }
  if (hasCode(error, 'STALE_VERSION')) {
    return (
      <Alert
        type="warning"
        action={
          <Button onClick={onReload}>
            {words.reload}
          </Button>
        }
      >
        {words.stale}
      </Alert>
    );
  }
  return <RefusalAlert error={error} faults={faultsElsewhere(faultsOf(error), FIELDS)} />;
}
