/** The buttons over a list whose things are edited: each says why it cannot be used. */
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useNavigate } from 'react-router';

import { common } from '../text/common';
import { useMissing } from '../queries/permissions';
import { ReasonedButton } from './ReasonedButton';

type Create = { href: string; label: string };

type Properties = {
  create: Create;
  /** Where what is selected is edited; undefined while nothing is. */
  editAt: string | undefined;
  unselected: string;
  onDelete: () => void;
};

export function EditActions({ create, editAt, unselected, onDelete }: Properties) {
  const navigate = useNavigate();
  const missing = useMissing('edit-plans');
  const reason = missing ?? (editAt === undefined ? unselected : undefined);
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <ReasonedButton
        reason={reason}
        onClick={() => {
          if (editAt !== undefined) {
            void navigate(editAt);
          }
        }}
      >
        {common.edit}
      </ReasonedButton>
      <ReasonedButton reason={reason} onClick={onDelete}>
        {common.delete}
      </ReasonedButton>
      <CreateButton variant="primary" {...create} />
    </SpaceBetween>
  );
}

export function CreateButton({
  href,
  label,
  variant = 'normal',
}: Create & { variant?: 'normal' | 'primary' }) {
  const navigate = useNavigate();
  const missing = useMissing('edit-plans');
  if (missing !== undefined) {
    return (
      <ReasonedButton variant={variant} reason={missing}>
        {label}
      </ReasonedButton>
    );
  }
  return (
    <Button
      variant={variant}
      href={href}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(href);
      }}
    >
      {label}
    </Button>
  );
}
