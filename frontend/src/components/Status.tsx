import StatusIndicator, {
  type StatusIndicatorProps,
} from '@cloudscape-design/components/status-indicator';

/** A state by its sign and its word, never by colour alone. */
export function Status({ sign }: { sign: { type: StatusIndicatorProps.Type; label: string } }) {
  return (
    <StatusIndicator type={sign.type}>
      <span className="whole-words">{sign.label}</span>
    </StatusIndicator>
  );
}
