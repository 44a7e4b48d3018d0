/** What an administrator does in the account of the running stack: parameters and people. */
import { expect, type APIRequestContext, type APIResponse } from '@playwright/test';

import { stack } from './stack';

const UPDATE_MS = 110_000;
const ACCOUNT = '111122223333';

type Parameters = Record<string, string>;

export class Administrator {
  readonly #request: APIRequestContext;

  constructor(request: APIRequestContext) {
    this.#request = request;
  }

  /** What the console reads of its stack. */
  async configuration(): Promise<Record<string, string>> {
    const response = await this.#request.get(`${stack().consoleUrl}config.json`);
    return (await response.json()) as Record<string, string>;
  }

  /** The parameters of the stack. */
  async parameters(): Promise<Parameters> {
    return this.#described('Parameter');
  }

  /** What the stack says of itself. */
  async outputs(): Promise<Parameters> {
    return this.#described('Output');
  }

  /** The words of an invitation. */
  async invitation(): Promise<string> {
    const answer = await this.#askCognito('DescribeUserPool', {});
    const { UserPool: pool } = (await answer.json()) as {
      UserPool: { AdminCreateUserConfig: { InviteMessageTemplate: { EmailMessage: string } } };
    };
    return pool.AdminCreateUserConfig.InviteMessageTemplate.EmailMessage;
  }

  /** Updates the stack with other parameters, and waits until that is done. */
  async update(changes: Parameters): Promise<void> {
    const form: Parameters = { Action: 'UpdateStack', UsePreviousTemplate: 'true' };
    ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'].forEach((capability, index) => {
      form[`Capabilities.member.${(index + 1).toString()}`] = capability;
    });
    Object.keys(await this.parameters()).forEach((key, index) => {
      const member = `Parameters.member.${(index + 1).toString()}`;
      const value = changes[key];
      form[`${member}.ParameterKey`] = key;
      form[value === undefined ? `${member}.UsePreviousValue` : `${member}.ParameterValue`] = value ?? 'true';
    });
    await this.#cloudFormation(form);
    const status = async () =>
      /<StackStatus>(.*?)<\/StackStatus>/.exec(await this.#cloudFormation({ Action: 'DescribeStacks' }))?.[1];
    await expect.poll(status, { timeout: UPDATE_MS }).toMatch(/_COMPLETE$/);
    expect(await status()).toBe('UPDATE_COMPLETE');
  }

  /** Makes a person of one role who has yet to choose a password. */
  async invite(username: string, password: string, role: string): Promise<void> {
    await this.remove(username);
    const email = [{ Name: 'email', Value: username }, { Name: 'email_verified', Value: 'true' }];
    const invitation = { TemporaryPassword: password, MessageAction: 'SUPPRESS', UserAttributes: email };
    await this.cognito('AdminCreateUser', username, invitation);
    await this.cognito('AdminAddUserToGroup', username, { GroupName: role });
  }

  async remove(username: string): Promise<void> {
    const answer = await this.cognito('AdminDeleteUser', username);
    expect(['', 'UserNotFoundException']).toContain(answer);
  }

  /** Calls Cognito about a person; answers the code of a refusal, or nothing. */
  async cognito(operation: string, username: string, more: object = {}): Promise<string> {
    const response = await this.#askCognito(operation, { Username: username, ...more });
    return response.ok() ? '' : ((await response.json()) as { __type: string }).__type;
  }

  async #askCognito(operation: string, input: object): Promise<APIResponse> {
    const { userPoolId } = await this.configuration();
    return this.#request.post(stack().awsEndpointUrl, {
      headers: {
        ...this.#signed('cognito-idp'),
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
      },
      data: JSON.stringify({ UserPoolId: userPoolId, ...input }),
    });
  }

  async #described(what: 'Parameter' | 'Output'): Promise<Parameters> {
    const described = await this.#cloudFormation({ Action: 'DescribeStacks' });
    const pair = `<${what}Key>(.*?)</${what}Key>\\s*<${what}Value>(.*?)</${what}Value>`;
    const found = described.matchAll(new RegExp(pair, 'g'));
    return Object.fromEntries(Array.from(found, ([, key = '', value = '']) => [key, value]));
  }

  async #cloudFormation(form: Parameters): Promise<string> {
    const { projectName, environment } = await this.configuration();
    const response = await this.#request.post(stack().awsEndpointUrl, {
      headers: this.#signed('cloudformation'),
      form: { Version: '2010-05-15', StackName: `${projectName ?? ''}-${environment ?? ''}`, ...form },
    });
    const text = await response.text();
    expect(response.ok(), text).toBe(true);
    return text;
  }

  /** The emulator reads account, Region and service, and checks no signature. */
  #signed(service: string): Record<string, string> {
    const scope = `${ACCOUNT}/20260101/${stack().region}/${service}/aws4_request`;
    return { Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}` };
  }
}
