import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';

import { common } from '../text/common';

/** An id that can be taken along with one click. */
export function CopyableId({ id }: { id: string }) {
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={id}
      copyButtonAriaLabel={`${common.copy} ${id}`}
      copySuccessText={common.copied}
      copyErrorText={common.copyFailed}
    />
  );
}
