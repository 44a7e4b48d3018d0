import { useQuery, useSuspenseQuery } from '@tanstack/react-query';

import { EditableList } from '../../components/EditableList';
import { LoadBoundary } from '../../components/LoadBoundary';
import { paths } from '../../paths';
import { groupsQuery } from '../../queries/groups';
import { plansQuery } from '../../queries/plans';
import { planStatisticsQuery } from '../../queries/statistics';
import { useServices } from '../../services';
import { plans as words } from '../../text/plans';
import { help } from '../../text/shell';
import { DeletePlanDialog } from './DeletePlanDialog';
import { columns, filtering, rowOf } from './table';

/** All recovery plans. */
export default function PlansPage() {
  return (
    <LoadBoundary title={words.title} subject="">
      <PlanList />
    </LoadBoundary>
  );
}

function PlanList() {
  const { api } = useServices();
  const query = useSuspenseQuery(plansQuery(api));
  const groups = useSuspenseQuery(groupsQuery(api)).data;
  const runs = useQuery(planStatisticsQuery(api));
  return (
    <EditableList
      words={words}
      help={help.plans}
      query={query}
      rows={query.data.map((plan) => rowOf(plan, groups, runs))}
      idOf={(row) => row.recoveryPlanId}
      columns={columns}
      filtering={filtering}
      createAt={paths.newPlan()}
      editAt={(row) => paths.editPlan(row.recoveryPlanId)}
      deletion={(row, close) => <DeletePlanDialog plan={row} onClose={close} onDeleted={close} />}
    />
  );
}
