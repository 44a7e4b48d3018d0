import ColumnLayout from '@cloudscape-design/components/column-layout';
import Select from '@cloudscape-design/components/select';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';

import { EXECUTION_STATUS, KIND } from '../../text/status-words';
import { shown } from '../../lib/shown';
import { plansQuery } from '../../queries/plans';
import { useServices } from '../../services';
import { executions } from '../../text/executions';
import { isWithin, WITHIN } from './filters';

type Option = { value: string; label: string };

const { filters: words } = executions;

const STATUSES = optionsOf(words.anyStatus, [
  { value: 'ACTIVE', label: words.active },
  { value: 'ENDED', label: words.ended },
  ...Object.entries(EXECUTION_STATUS).map(([value, { label }]) => ({ value, label })),
]);
const KINDS = optionsOf(
  words.anyKind,
  Object.entries(KIND).map(([value, label]) => ({ value, label })),
);
const TIMES = optionsOf(
  words.anyTime,
  Object.keys(WITHIN).map((value) => ({
    value,
    label: isWithin(value) ? words.within[value] : value,
  })),
);

/** Filters that the server applies; they are part of the address. */
export function Filters() {
  const { api } = useServices();
  const plans = useQuery(plansQuery(api));
  const planOptions = optionsOf(
    words.anyPlan,
    (plans.data ?? []).map(({ recoveryPlanId, name }) => ({ value: recoveryPlanId, label: shown(name) })),
  );
  return (
    <ColumnLayout columns={4} minColumnWidth={160}>
      <Filter name="status" label={words.status} options={STATUSES} />
      <Filter name="kind" label={words.kind} options={KINDS} />
      <Filter name="recoveryPlanId" label={words.plan} options={planOptions} />
      <Filter name="within" label={words.started} options={TIMES} />
    </ColumnLayout>
  );
}

type FilterProperties = { name: string; label: string; options: readonly Option[] };

/** A value that is no option is shown as it is: a plan may have been deleted since. */
function Filter({ name, label, options }: FilterProperties) {
  const [search, setSearch] = useSearchParams();
  const value = search.get(name) ?? '';
  return (
    <Select
      inlineLabelText={label}
      filteringType={options.length > 15 ? 'auto' : 'none'}
      filteringAriaLabel={label}
      options={options}
      selectedOption={
        options.find((option) => option.value === value) ?? { value, label: shown(value) }
      }
      onChange={({ detail }) => {
        const next = new URLSearchParams(search);
        const chosen = detail.selectedOption.value ?? '';
        if (chosen === '') {
          next.delete(name);
        } else {
          next.set(name, chosen);
        }
        setSearch(next);
      }}
    />
  );
}

function optionsOf(any: string, options: readonly Option[]): readonly Option[] {
  return [{ value: '', label: any }, ...options];
}
