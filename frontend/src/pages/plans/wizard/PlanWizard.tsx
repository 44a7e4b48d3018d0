import Wizard from '@cloudscape-design/components/wizard';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';

import type { ProtectionGroup, RecoveryPlan } from '../../../api/types';
import { faultsOf } from '../../../api/faults';
import { useFocusOnFault } from '../../../lib/focus-on-fault';
import { paths } from '../../../paths';
import { useSavePlan } from '../../../queries/plans';
import { useServices } from '../../../services';
import { common } from '../../../text/common';
import { plans, wizard as words } from '../../../text/plans';
import { DetailsStep } from './DetailsStep';
import { draftOf, requestOf, type PlanDraft } from './draft';
import { OrderStep } from './OrderStep';
import { PoliciesStep } from './PoliciesStep';
import { ReviewStep } from './ReviewStep';
import { SaveFault } from './SaveFault';
import { firstFaulty, STEPS, type Step } from './steps';
import { WavesStep } from './WavesStep';

type Properties = {
  existing: RecoveryPlan | undefined;
  groups: readonly ProtectionGroup[];
  onReload: () => void;
};

/** Makes or changes a plan. Every fault is the server's, and leads to the step of its field. */
export function PlanWizard({ existing, groups, onReload }: Properties) {
  const [draft, setDraft] = useState(() => draftOf(existing));
  const [active, setActive] = useState(0);
  const steps = useRef<HTMLDivElement>(null);
  const submission = usePlanSubmission(existing, setActive);
  const { error, isPending } = submission;
  const faults = faultsOf(error);
  useFocusOnFault(steps, error);
  const fields = { draft, groups, faults, onChange: setDraft };
  const contents: Record<Step, React.ReactNode> = {
    details: <DetailsStep {...fields} />,
    waves: <WavesStep {...fields} />,
    order: <OrderStep {...fields} />,
    policies: <PoliciesStep {...fields} />,
    review: <ReviewStep draft={draft} groups={groups} />,
  };
  return (
    <div ref={steps}>
      <Wizard
        activeStepIndex={active}
        onNavigate={({ detail }) => {
          setActive(detail.requestedStepIndex);
        }}
        onCancel={submission.leave}
        onSubmit={() => {
          submission.submit(draft);
        }}
        isLoadingNextStep={isPending}
        allowSkipTo
        submitButtonText={existing === undefined ? plans.create : plans.save}
        i18nStrings={{
          stepNumberLabel: words.stepNumber,
          collapsedStepsLabel: words.collapsed,
          navigationAriaLabel: words.navigation,
          cancelButton: words.cancel,
          previousButton: words.previous,
          nextButton: words.next,
          optional: common.none,
          nextButtonLoadingAnnouncement: common.beingSent,
          submitButtonLoadingAnnouncement: common.beingSent,
        }}
        steps={STEPS.map((step) => ({
          title: words.steps[step],
          description: words.descriptions[step],
          content: (
            <>
              <SaveFault error={error} onReload={onReload} />
              {contents[step]}
            </>
          ),
        }))}
      />
    </div>
  );
}

function usePlanSubmission(
  existing: RecoveryPlan | undefined,
  onStep: (index: number) => void,
) {
  const { notifications } = useServices();
  const navigate = useNavigate();
  const save = useSavePlan(existing);
  const leave = () => {
    void navigate(existing === undefined ? paths.plans() : paths.plan(existing.recoveryPlanId));
  };
  const submit = (draft: PlanDraft) => {
    save.mutate(requestOf(draft), {
      onSuccess: (saved) => {
        const content = (existing === undefined ? plans.created : plans.saved)(saved.name);
        notifications.add({ type: 'success', content });
        void navigate(paths.plan(saved.recoveryPlanId));
      },
      onError: (error) => {
        const faulty = firstFaulty(faultsOf(error));
        if (faulty !== undefined) {
          onStep(STEPS.indexOf(faulty));
        }
      },
    });
  };
  return { submit, leave, error: save.error, isPending: save.isPending };
}
