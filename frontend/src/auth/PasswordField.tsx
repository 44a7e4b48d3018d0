import FormField from '@cloudscape-design/components/form-field';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import type { RefObject } from 'react';

import { auth } from '../text/auth';

type Properties = {
  /** The password that a person has, or one that is chosen here. */
  purpose: 'CURRENT' | 'NEW';
  value: string;
  fault: string;
  isFirst?: boolean;
  input?: RefObject<InputProps.Ref | null>;
  onChange: (value: string) => void;
};

const WORDS = {
  CURRENT: { label: auth.password, autoComplete: 'current-password' },
  NEW: { label: auth.newPassword, autoComplete: 'new-password' },
};

/** Where a password is typed. */
export function PasswordField({ purpose, value, fault, isFirst, input, onChange }: Properties) {
  const { label, autoComplete } = WORDS[purpose];
  return (
    <FormField stretch label={label} errorText={fault}>
      <Input
        {...(input === undefined ? {} : { ref: input })}
        type="password"
        autoComplete={autoComplete}
        autoFocus={isFirst === true}
        value={value}
        onChange={({ detail }) => {
          onChange(detail.value);
        }}
      />
    </FormField>
  );
}
