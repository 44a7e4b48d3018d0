/** The stack that this console belongs to, as the frontend builder wrote it to `config.json`. */

export type Configuration = {
  apiUrl: string;
  region: string;
  userPoolId: string;
  userPoolClientId: string;
  environment: string;
  projectName: string;
  /** Where Cognito answers; left out, the Region's own address. */
  cognitoEndpoint: string;
  /** Whether the password is proved or sent. */
  signIn: 'SRP' | 'PASSWORD';
  /** Whether people have a second factor: nobody, who wants to, or everybody. */
  mfaConfiguration: (typeof MFA_CONFIGURATIONS)[number];
};

/** Cognito's own words. */
const MFA_CONFIGURATIONS = ['OFF', 'OPTIONAL', 'ON'] as const;

/** A configuration that cannot be used, with everything that is wrong with it. */
export class ConfigurationError extends Error {
  readonly faults: readonly string[];
  /** Whether it may be had in a moment, without anybody mending it. */
  readonly isPassing: boolean;

  constructor(faults: readonly string[], lasts: 'LASTING' | 'PASSING' = 'LASTING') {
    super('The console cannot read its configuration.');
    this.name = 'ConfigurationError';
    this.faults = faults;
    this.isPassing = lasts === 'PASSING';
  }
}

const FILE = '/config.json';
export async function loadConfiguration(): Promise<Configuration> {
  return checkConfiguration(await fetchConfiguration());
}

/** Checks every member, so that all faults are seen at once. */
export function checkConfiguration(value: unknown): Configuration {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigurationError([`${FILE} does not hold an object.`]);
  }
  const members = new Map<string, unknown>(Object.entries(value));
  const faults: string[] = [];
  const text = (name: string) => {
    const member = members.get(name);
    if (typeof member === 'string' && member.trim() !== '') {
      return member;
    }
    faults.push(member === undefined ? `${name} is missing.` : `${name} is not a text.`);
    return '';
  };
  const checked = {
    apiUrl: text('apiUrl'),
    region: text('region'),
    userPoolId: text('userPoolId'),
    userPoolClientId: text('userPoolClientId'),
    environment: text('environment'),
    projectName: text('projectName'),
  };
  const signIn = members.get('signIn');
  if (signIn !== 'SRP' && signIn !== 'PASSWORD') {
    faults.push('signIn is neither SRP nor PASSWORD.');
  }
  const endpoint = members.get('cognitoEndpoint') ?? '';
  if (typeof endpoint !== 'string' || !/^($|\/|https?:\/\/)/.test(endpoint)) {
    faults.push('cognitoEndpoint is not an address.');
  }
  // A stack that was deployed before there was a choice left it to each person.
  const said = members.get('mfaConfiguration') ?? 'OPTIONAL';
  const mfaConfiguration = MFA_CONFIGURATIONS.find((one) => one === said);
  if (mfaConfiguration === undefined) {
    faults.push(`mfaConfiguration is none of ${MFA_CONFIGURATIONS.join(', ')}.`);
  }
  if (faults.length > 0 || mfaConfiguration === undefined) {
    throw new ConfigurationError(faults);
  }
  return {
    ...checked,
    mfaConfiguration,
    cognitoEndpoint:
      typeof endpoint === 'string' && endpoint !== ''
        ? endpoint
        : `https://cognito-idp.${checked.region}.amazonaws.com/`,
    signIn: signIn === 'PASSWORD' ? 'PASSWORD' : 'SRP',
  };
}

async function fetchConfiguration(): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(FILE, { cache: 'no-cache' });
  } catch {
    throw new ConfigurationError([`${FILE} could not be reached.`], 'PASSING');
  }
  if (!response.ok) {
    const isOurs = response.status < 500;
    const fault = `${FILE} answered with HTTP ${response.status.toString()}.`;
    throw new ConfigurationError([fault], isOurs ? 'LASTING' : 'PASSING');
  }
  try {
    return await response.json();
  } catch {
    throw new ConfigurationError([`${FILE} is not JSON.`]);
  }
}
