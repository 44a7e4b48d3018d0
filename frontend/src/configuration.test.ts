import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';

import { checkConfiguration, ConfigurationError, loadConfiguration } from './configuration';
import { CONFIGURATION } from './test/fixtures';
import { server } from './test/server';

function faultsOf(value: unknown): readonly string[] {
  try {
    checkConfiguration(value);
  } catch (error) {
    return error instanceof ConfigurationError ? error.faults : ['another error'];
  }
  return [];
}

async function faultsOfFile(response: () => Response): Promise<readonly string[]> {
  server.use(http.get('/config.json', response));
  const error: unknown = await loadConfiguration().catch((thrown: unknown) => thrown);
  return error instanceof ConfigurationError ? error.faults : ['no configuration error'];
}

describe('the configuration', () => {
  it('is taken as it is when nothing is wrong with it', () => {
    expect(checkConfiguration({ ...CONFIGURATION })).toEqual(CONFIGURATION);
  });

  it('leaves Cognito at its own address when none is given', () => {
    const { cognitoEndpoint, ...rest } = CONFIGURATION;
    expect(cognitoEndpoint).not.toBe('');
    const expected = 'https://cognito-idp.us-east-1.amazonaws.com/';
    expect(checkConfiguration(rest).cognitoEndpoint).toBe(expected);
    expect(checkConfiguration({ ...rest, cognitoEndpoint: '' }).cognitoEndpoint).toBe(expected);
  });

  it('tells all its faults at once', () => {
    expect(
      faultsOf({ apiUrl: '', region: 7, environment: 'test', projectName: 'drs', signIn: 'X' }),
    ).toEqual([
      'apiUrl is not a text.',
      'region is not a text.',
      'userPoolId is missing.',
      'userPoolClientId is missing.',
      'signIn is neither SRP nor PASSWORD.',
    ]);
  });

  it('sends nobody to an address of another kind', () => {
    expect(faultsOf({ ...CONFIGURATION, cognitoEndpoint: 'javascript:alert(1)' })).toEqual([
      'cognitoEndpoint is not an address.',
    ]);
  });

  it('leaves the second factor to each person where the stack says nothing of it', () => {
    const { mfaConfiguration, ...rest } = CONFIGURATION;
    expect(mfaConfiguration).toBe('OPTIONAL');
    expect(checkConfiguration(rest).mfaConfiguration).toBe('OPTIONAL');
    expect(checkConfiguration({ ...rest, mfaConfiguration: 'ON' }).mfaConfiguration).toBe('ON');
    expect(faultsOf({ ...rest, mfaConfiguration: true })).toEqual([
      'mfaConfiguration is none of OFF, OPTIONAL, ON.',
    ]);
  });

  it('is an object', () => {
    for (const value of [null, [], 'text']) {
      expect(faultsOf(value)).toEqual(['/config.json does not hold an object.']);
    }
  });

  it('that is absent, no JSON or unreachable says which', async () => {
    expect(await faultsOfFile(() => new HttpResponse(null, { status: 404 }))).toEqual([
      '/config.json answered with HTTP 404.',
    ]);
    expect(await faultsOfFile(() => new HttpResponse('<html>'))).toEqual([
      '/config.json is not JSON.',
    ]);
    expect(await faultsOfFile(() => HttpResponse.error())).toEqual([
      '/config.json could not be reached.',
    ]);
  });
});
