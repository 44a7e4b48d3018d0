import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useNavigate, useParams } from 'react-router';

import type { ProtectionGroup, SourceServer } from '../../api/types';
import { ClampedText } from '../../components/ClampedText';
import { CollectionTable } from '../../components/CollectionTable';
import { Freshness } from '../../components/Freshness';
import { LoadBoundary } from '../../components/LoadBoundary';
import { useMissing } from '../../queries/permissions';
import { ReasonedButton } from '../../components/ReasonedButton';
import { Page } from '../../components/Page';
import { paths } from '../../paths';
import { groupQuery, groupsQuery } from '../../queries/groups';
import { useServices } from '../../services';
import { common } from '../../text/common';
import { groups as words } from '../../text/groups';
import { help } from '../../text/shell';
import { DeleteGroupDialog } from './DeleteGroupDialog';
import { GroupFacts } from './GroupFacts';
import { MissingGroup } from './MissingGroup';
import { serverColumns, serverFiltering, serverRow, type ServerRow } from './server-table';
import { ServersOfRegion } from './ServersOfRegion';

/** One group: its facts, and its servers as DRS sees them now. */
export default function GroupPage() {
  const { protectionGroupId = '' } = useParams();
  return (
    <LoadBoundary
      title={words.one}
      subject={protectionGroupId}
      missing={<MissingGroup id={protectionGroupId} />}
    >
      <Group key={protectionGroupId} protectionGroupId={protectionGroupId} />
    </LoadBoundary>
  );
}

function Group({ protectionGroupId }: { protectionGroupId: string }) {
  const { api } = useServices();
  const query = useSuspenseQuery(groupQuery(api, protectionGroupId));
  const navigate = useNavigate();
  const [isDeleting, setIsDeleting] = useState(false);
  const group = query.data;
  return (
    <Page
      title={group.name}
      description={<ClampedText>{group.description}</ClampedText>}
      help={help.group}
      actions={
        <Actions
          group={group}
          onDelete={() => {
            setIsDeleting(true);
          }}
        />
      }
    >
      <SpaceBetween size="l">
        <Freshness query={query} />
        <GroupFacts group={group} />
        <ServersOfRegion place={{ region: group.region, accountId: group.accountId }}>
          {(servers) => <Members group={group} servers={servers} />}
        </ServersOfRegion>
      </SpaceBetween>
      {isDeleting && (
        <DeleteGroupDialog
          group={group}
          onClose={() => {
            setIsDeleting(false);
          }}
          onDeleted={() => void navigate(paths.groups())}
        />
      )}
    </Page>
  );
}

function Actions({ group, onDelete }: { group: ProtectionGroup; onDelete: () => void }) {
  const navigate = useNavigate();
  const missing = useMissing('edit-plans');
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <ReasonedButton reason={missing} onClick={onDelete}>
        {common.delete}
      </ReasonedButton>
      <ReasonedButton
        variant="primary"
        reason={missing}
        onClick={() => void navigate(paths.editGroup(group.protectionGroupId))}
      >
        {common.edit}
      </ReasonedButton>
    </SpaceBetween>
  );
}

type MembersProperties = { group: ProtectionGroup; servers: readonly SourceServer[] };

/** A member that DRS no longer knows stays in the list, and says so. */
function Members({ group, servers }: MembersProperties) {
  const { api } = useServices();
  const { data: groups } = useSuspenseQuery(groupsQuery(api));
  const rows = useMemo(() => {
    const known = new Map(servers.map((server) => [server.sourceServerId, server]));
    return group.sourceServerIds.map((id) =>
      serverRow(known.get(id) ?? vanished(id, group), group.protectionGroupId, groups),
    );
  }, [group, groups, servers]);
  return (
    <CollectionTable<ServerRow>
      label={words.serversTitle}
      items={rows}
      idOf={(row) => row.sourceServerId}
      columns={serverColumns}
      filtering={serverFiltering}
      filterPlaceholder={words.filterServers}
      {...(serverColumns[0] === undefined ? {} : { sortedBy: serverColumns[0] })}
      empty={null}
    />
  );
}

function vanished(sourceServerId: string, group: ProtectionGroup): SourceServer {
  return {
    sourceServerId,
    hostname: null,
    lagSeconds: null,
    recoverability: 'NOT_RECOVERABLE',
    recoverabilityReason: null,
    originRegion: null,
    protectionGroupId: group.protectionGroupId,
    recoveryInstance: null,
    replicationState: words.gone,
    tags: {},
  };
}
