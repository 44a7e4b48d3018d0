/** The colours of the signs in our own pictures; each stands beside a word and a shape. */
import * as tokens from '@cloudscape-design/design-tokens';
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

export const SIGN_COLOR: Record<StatusIndicatorProps.Type, string> = {
  success: tokens.colorTextStatusSuccess,
  error: tokens.colorTextStatusError,
  warning: tokens.colorTextStatusWarning,
  info: tokens.colorTextStatusInfo,
  'in-progress': tokens.colorTextStatusInfo,
  loading: tokens.colorTextStatusInfo,
  pending: tokens.colorTextStatusInactive,
  stopped: tokens.colorTextStatusInactive,
  'not-started': tokens.colorTextStatusInactive,
  log: tokens.colorTextStatusInactive,
};

/** One letter-like shape for each sign, for pictures that have no room for an icon. */
export const SIGN_GLYPH: Record<StatusIndicatorProps.Type, string> = {
  success: '✓',
  error: '✕',
  warning: '!',
  info: 'i',
  'in-progress': '▶',
  loading: '▶',
  pending: '○',
  stopped: '–',
  'not-started': '○',
  log: '·',
};
