/** The API of the running stack, for what a journey needs before it begins. */
import { expect, type APIRequestContext } from '@playwright/test';

import type { Execution, SourceServerList } from '../src/api/types';
import { stack, userOf, type Role } from './stack';

const COGNITO = 'AWSCognitoIdentityProviderService.InitiateAuth';
export const REGION = 'us-west-2';

type Named = { name: string; protectionGroupId: string; recoveryPlanId: string; version: number };
type Listed = { executionId: string; status: string; kind: string; recoveryPlanName: string };

export class Api {
  readonly #request: APIRequestContext;
  #token: string | undefined;

  constructor(request: APIRequestContext) {
    this.#request = request;
  }

  /** Calls with the administrator's token; what is not a success is a failed journey. */
  async call<Body>(method: string, path: string, data?: object): Promise<Body> {
    this.#token ??= await this.#signIn('administrator');
    const response = await this.#request.fetch(`${stack().apiUrl}${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.#token}` },
      ...(data === undefined ? {} : { data }),
    });
    expect(response.ok(), `${method} ${path}: ${await response.text()}`).toBe(true);
    const text = await response.text();
    return (text === '' ? {} : JSON.parse(text)) as Body;
  }

  /** A group whose servers have no instance that an earlier try has left. */
  async group(name: string, sourceServerIds: string[], region = REGION): Promise<string> {
    await this.#endInstances(sourceServerIds, region);
    const drillIsolation = { statement: 'Only a simulator.' };
    const body = { name, region, sourceServerIds, drillIsolation };
    return (await this.call<Named>('POST', '/protection-groups', body)).protectionGroupId;
  }

  async plan(name: string, waves: object[]): Promise<string> {
    return (await this.call<Named>('POST', '/recovery-plans', { name, waves })).recoveryPlanId;
  }

  async startDrill(recoveryPlanId: string): Promise<string> {
    return this.#start({ recoveryPlanId, kind: 'DRILL' });
  }

  async startRecovery(recoveryPlanId: string, recoveryPlanName: string, serverCount: number): Promise<string> {
    const confirm = { recoveryPlanName, serverCount, reason: 'A journey.' };
    return this.#start({ recoveryPlanId, kind: 'RECOVERY', confirm });
  }

  async execution(executionId: string): Promise<Execution> {
    return this.call<Execution>('GET', `/executions/${executionId}`);
  }

  /** Ends and removes everything whose name begins like this, so that a journey can be taken again. */
  async clear(prefix: string): Promise<void> {
    await this.#endAll(prefix);
    const plans = await this.call<{ items: Named[] }>('GET', '/recovery-plans?maxResults=100');
    for (const { name, recoveryPlanId } of plans.items) {
      if (name.startsWith(prefix)) {
        await this.call('DELETE', `/recovery-plans/${recoveryPlanId}`);
      }
    }
    const groups = await this.call<{ items: Named[] }>('GET', '/protection-groups?maxResults=100');
    for (const { name, protectionGroupId } of groups.items) {
      if (name.startsWith(prefix)) {
        await this.call('DELETE', `/protection-groups/${protectionGroupId}`);
      }
    }
  }

  async #start(body: object): Promise<string> {
    return (await this.call<{ executionId: string }>('POST', '/executions', body)).executionId;
  }

  async #endInstances(sourceServerIds: string[], region: string): Promise<void> {
    const { items } = await this.call<SourceServerList>('GET', `/drs/source-servers?region=${region}`);
    for (const { sourceServerId, recoveryInstance } of items) {
      if (recoveryInstance !== null && sourceServerIds.includes(sourceServerId)) {
        const address = `${stack().simulatorUrl}/_sim/instances/${recoveryInstance.id}`;
        const ended = await this.#request.patch(address, { data: { state: 'TERMINATED' } });
        expect(ended.ok(), await ended.text()).toBe(true);
      }
    }
  }

  async #endAll(prefix: string): Promise<void> {
    const ended = ['COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED', 'TIMED_OUT'];
    const mine = async () =>
      (await this.call<{ items: Listed[] }>('GET', '/executions?maxResults=100')).items.filter(
        ({ recoveryPlanName, status }) =>
          recoveryPlanName.startsWith(prefix) && !ended.includes(status),
      );
    for (const { executionId, status } of await mine()) {
      if (status !== 'CANCELLING') {
        await this.call('POST', `/executions/${executionId}/cancel`, {});
      }
    }
    await expect.poll(async () => (await mine()).length).toBe(0);
  }

  async #signIn(role: Role): Promise<string> {
    const { consoleUrl } = stack();
    const config = await (await this.#request.get(`${consoleUrl}config.json`)).json() as { userPoolClientId: string };
    const { username, password } = userOf(role);
    const response = await this.#request.post(`${consoleUrl}cognito/`, {
      headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': COGNITO },
      data: JSON.stringify({
        ClientId: config.userPoolClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: username, PASSWORD: password },
      }),
    });
    const answer = (await response.json()) as { AuthenticationResult: { IdToken: string } };
    return answer.AuthenticationResult.IdToken;
  }
}

/** A fault of the simulated DRS; the answer takes it away again. */
export async function plantFault(request: APIRequestContext, rule: object): Promise<() => Promise<void>> {
  const { simulatorUrl } = stack();
  const response = await request.post(`${simulatorUrl}/_sim/faults`, { data: rule });
  expect(response.ok(), await response.text()).toBe(true);
  const { id } = (await response.json()) as { id: string };
  return async () => {
    const healed = await request.delete(`${simulatorUrl}/_sim/faults/${id}`);
    expect(healed.ok(), await healed.text()).toBe(true);
  };
}

export const server = {
  db: (number: number) => `s-0000000000001${number.toString(16).padStart(4, '0')}`,
  app: (number: number) => `s-0000000000002${number.toString(16).padStart(4, '0')}`,
  web: (number: number) => `s-0000000000003${number.toString(16).padStart(4, '0')}`,
  /** In us-east-1. */
  blind: (number: number) => `s-0000000000004${number.toString(16).padStart(4, '0')}`,
  /** In ca-central-1. */
  doubt: (number: number) => `s-0000000000005${number.toString(16).padStart(4, '0')}`,
};
