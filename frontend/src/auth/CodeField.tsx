import FormField from '@cloudscape-design/components/form-field';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import type { RefObject } from 'react';

import { auth } from '../text/auth';
import { isCode } from './code';

type Properties = {
  value: string;
  isTried: boolean;
  isFirst?: boolean;
  input?: RefObject<InputProps.Ref | null>;
  onChange: (value: string) => void;
};

/** Where a code from the authenticator app is typed. */
export function CodeField({ value, isTried, isFirst, input, onChange }: Properties) {
  return (
    <FormField stretch label={auth.code} errorText={isTried && !isCode(value) ? auth.sixDigits : ''}>
      <Input
        {...(input === undefined ? {} : { ref: input })}
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus={isFirst === true}
        value={value}
        onChange={({ detail }) => {
          onChange(detail.value);
        }}
      />
    </FormField>
  );
}
