import { useSuspenseQuery } from '@tanstack/react-query';

import { EditableList } from '../../components/EditableList';
import { LoadBoundary } from '../../components/LoadBoundary';
import { paths } from '../../paths';
import { groupsQuery } from '../../queries/groups';
import { useServices } from '../../services';
import { groups as words } from '../../text/groups';
import { help } from '../../text/shell';
import { DeleteGroupDialog } from './DeleteGroupDialog';
import { columns, filtering, rowOf } from './table';

/** All protection groups. */
export default function GroupsPage() {
  return (
    <LoadBoundary title={words.title} subject="">
      <GroupList />
    </LoadBoundary>
  );
}

function GroupList() {
  const { api } = useServices();
  const query = useSuspenseQuery(groupsQuery(api));
  return (
    <EditableList
      words={words}
      help={help.groups}
      query={query}
      rows={query.data.map(rowOf)}
      idOf={(row) => row.protectionGroupId}
      columns={columns}
      filtering={filtering}
      createAt={paths.newGroup()}
      editAt={(row) => paths.editGroup(row.protectionGroupId)}
      deletion={(row, close) => <DeleteGroupDialog group={row} onClose={close} onDeleted={close} />}
    />
  );
}
