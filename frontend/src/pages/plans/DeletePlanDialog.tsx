import type { RecoveryPlan } from '../../api/types';
import { DeleteDialog } from '../../components/DeleteDialog';
import { useDeletePlan } from '../../queries/plans';
import { useServices } from '../../services';
import { plans as words } from '../../text/plans';

type Properties = { plan: RecoveryPlan; onClose: () => void; onDeleted: () => void };

export function DeletePlanDialog({ plan, onClose, onDeleted }: Properties) {
  const { notifications } = useServices();
  const command = useDeletePlan();
  return (
    <DeleteDialog
      title={words.deleteTitle(plan.name)}
      name={plan.name}
      consequences={words.deleteText}
      command={command}
      onClose={onClose}
      onConfirm={() => {
        command.mutate(plan, {
          onSuccess: () => {
            notifications.add({ type: 'success', content: words.deleted(plan.name) });
            onDeleted();
          },
        });
      }}
    />
  );
}
