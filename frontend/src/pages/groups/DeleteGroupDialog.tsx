import type { ProtectionGroup } from '../../api/types';
import { DeleteDialog } from '../../components/DeleteDialog';
import { useDeleteGroup } from '../../queries/groups';
import { useServices } from '../../services';
import { groups as words } from '../../text/groups';

type Properties = { group: ProtectionGroup; onClose: () => void; onDeleted: () => void };

export function DeleteGroupDialog({ group, onClose, onDeleted }: Properties) {
  const { notifications } = useServices();
  const command = useDeleteGroup();
  return (
    <DeleteDialog
      title={words.deleteTitle(group.name)}
      name={group.name}
      consequences={words.deleteText(group.sourceServerIds.length)}
      command={command}
      onClose={onClose}
      onConfirm={() => {
        command.mutate(group, {
          onSuccess: () => {
            notifications.add({ type: 'success', content: words.deleted(group.name) });
            onDeleted();
          },
        });
      }}
    />
  );
}
