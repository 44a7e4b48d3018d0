import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';

import { LoadBoundary } from '../../components/LoadBoundary';
import { Page } from '../../components/Page';
import { groupQuery } from '../../queries/groups';
import { useServices } from '../../services';
import { groups as words } from '../../text/groups';
import { help } from '../../text/shell';
import { GroupForm } from './GroupForm';
import { MissingGroup } from './MissingGroup';

/** Making a group, or changing one. */
export default function GroupFormPage() {
  const { protectionGroupId } = useParams();
  if (protectionGroupId === undefined) {
    return (
      <LoadBoundary title={words.create} subject="">
        <Page title={words.create} help={help.group}>
          <GroupForm existing={undefined} onReload={() => undefined} />
        </Page>
      </LoadBoundary>
    );
  }
  return (
    <LoadBoundary
      title={words.one}
      subject={protectionGroupId}
      missing={<MissingGroup id={protectionGroupId} />}
    >
      <EditGroup key={protectionGroupId} protectionGroupId={protectionGroupId} />
    </LoadBoundary>
  );
}

/** The form keeps the group as it was read: what others change meanwhile is refused, not lost. */
function EditGroup({ protectionGroupId }: { protectionGroupId: string }) {
  const { api } = useServices();
  const { data, refetch } = useSuspenseQuery(groupQuery(api, protectionGroupId));
  const [read, setRead] = useState({ group: data, times: 0 });
  const reload = async () => {
    const { data: fresh } = await refetch();
    if (fresh !== undefined) {
      setRead(({ times }) => ({ group: fresh, times: times + 1 }));
    }
  };
  return (
    <Page title={words.editTitle(read.group.name)} help={help.group}>
      <GroupForm key={read.times} existing={read.group} onReload={() => void reload()} />
    </Page>
  );
}
