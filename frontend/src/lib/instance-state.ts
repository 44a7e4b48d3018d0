/** EC2's states of a recovery instance. */

const GONE: readonly string[] = ['TERMINATED', 'NOT_FOUND', 'SHUTTING-DOWN'];

/** Whether EC2 has said that the instance is gone or going. */
export function isGoneInEc2(state: string | null | undefined): boolean {
  return GONE.includes(state ?? '');
}

/** `running`, `not found`: EC2's word, written as words are; nothing where it is not known. */
export function ec2Words(state: string | null | undefined): string {
  return (state ?? '').toLowerCase().replaceAll(/[_-]/g, ' ');
}
