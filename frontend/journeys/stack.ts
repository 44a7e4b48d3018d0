/** The running stack that the journeys go through. */
import { readFileSync } from 'node:fs';

type User = { username: string; password: string; roles: string[] };
export type Stack = { apiUrl: string; consoleUrl: string; awsEndpointUrl: string; simulatorUrl: string; region: string; users: User[] };

/** `cargo xtask local status --json`, as a file. */
export function stack(): Stack {
  const path = process.env.DRS_ORCHESTRATION_STACK;
  if (path === undefined) {
    throw new Error('DRS_ORCHESTRATION_STACK names no file with the status of a running stack.');
  }
  return JSON.parse(readFileSync(path, 'utf8')) as Stack;
}

/** The console of the stack, unless another one is served before it; nothing without a stack. */
export function consoleAddress(): string {
  const { DRS_ORCHESTRATION_CONSOLE: console, DRS_ORCHESTRATION_STACK: path } = process.env;
  return console ?? (path === undefined ? '' : stack().consoleUrl);
}

export type Role = 'viewer' | 'drill-operator' | 'recovery-manager' | 'administrator';

export function userOf(role: Role): User {
  const user = stack().users.find(({ username }) => username.startsWith(`${role}@`));
  if (user === undefined) {
    throw new Error(`The stack has no user for ${role}.`);
  }
  return user;
}
