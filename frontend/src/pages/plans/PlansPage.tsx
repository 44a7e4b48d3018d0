import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';

import { CollectionTable } from '../../components/CollectionTable';
import { EmptyState } from '../../components/EmptyState';
import { useAddressedFilter } from '../../components/filter-address';
import { Freshness } from '../../components/Freshness';
import { LoadBoundary } from '../../components/LoadBoundary';
import { useMissing } from '../../components/permissions';
import { ReasonedButton } from '../../components/ReasonedButton';
import { Page } from '../../layout/Page';
import { paths } from '../../paths';
import { groupsQuery } from '../../queries/groups';
import { plansQuery } from '../../queries/plans';
import { useServices } from '../../services';
import { common } from '../../text/common';
import { plans as words } from '../../text/plans';
import { help } from '../../text/shell';
import { DeletePlanDialog } from './DeletePlanDialog';
import { columns, filtering, rowOf, type Row } from './table';

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
  const [filter, setFilter] = useAddressedFilter();
  const [chosen, setChosen] = useState<string | undefined>();
  const [isDeleting, setIsDeleting] = useState(false);
  const groups = useSuspenseQuery(groupsQuery(api)).data;
  const rows = query.data.map((plan) => rowOf(plan, groups));
  const selected = rows.find((row) => row.recoveryPlanId === chosen);
  const close = () => {
    setIsDeleting(false);
  };
  return (
    <Page title={words.title} description={words.description} help={help.plans}>
      <SpaceBetween size="l">
        <Freshness query={query} />
        <CollectionTable<Row>
          label={words.title}
          items={rows}
          idOf={(row) => row.recoveryPlanId}
          columns={columns}
          filtering={filtering}
          filterPlaceholder={words.filter}
          {...(columns[0] === undefined ? {} : { sortedBy: columns[0] })}
          query={filter}
          onQuery={setFilter}
          selection={{
            selectionType: 'single',
            selectedItems: selected === undefined ? [] : [selected],
            onSelectionChange: ({ detail }) => {
              setChosen(detail.selectedItems[0]?.recoveryPlanId);
            },
            itemLabel: (row) => words.select(row.name),
          }}
          actions={
            <Actions
              selected={selected}
              onDelete={() => {
                setIsDeleting(true);
              }}
            />
          }
          empty={
            <EmptyState title={words.emptyTitle} action={<CreateButton />}>
              {words.emptyText}
            </EmptyState>
          }
        />
      </SpaceBetween>
      {isDeleting && selected !== undefined && (
        <DeletePlanDialog plan={selected} onClose={close} onDeleted={close} />
      )}
    </Page>
  );
}

function Actions({ selected, onDelete }: { selected: Row | undefined; onDelete: () => void }) {
  const navigate = useNavigate();
  const missing = useMissing('edit-plans');
  const unselected = selected === undefined ? words.selectOne : undefined;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <ReasonedButton
        reason={missing ?? unselected}
        onClick={() => {
          if (selected !== undefined) {
            void navigate(paths.editPlan(selected.recoveryPlanId));
          }
        }}
      >
        {common.edit}
      </ReasonedButton>
      <ReasonedButton reason={missing ?? unselected} onClick={onDelete}>
        {common.delete}
      </ReasonedButton>
      <CreateButton variant="primary" />
    </SpaceBetween>
  );
}

function CreateButton({ variant = 'normal' }: { variant?: 'normal' | 'primary' }) {
  const navigate = useNavigate();
  const missing = useMissing('edit-plans');
  if (missing !== undefined) {
    return (
      <ReasonedButton variant={variant} reason={missing}>
        {words.create}
      </ReasonedButton>
    );
  }
  return (
    <Button
      variant={variant}
      href={paths.newPlan()}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(paths.newPlan());
      }}
    >
      {words.create}
    </Button>
  );
}
