import { visible } from '../lib/shown';

/** Text from outside, kept apart from the direction of what stands around it; long words break. */
export function OutsideText({ children }: { children: string }) {
  return <bdi className="outside-text">{visible(children)}</bdi>;
}
