/** Words of the frame around every page, and its help. */
import { plural } from '../lib/plural';

export type HelpTopic = { title: string; paragraphs: readonly string[]; terms?: readonly (readonly [string, string])[] };

export const shell = {
  dashboard: 'Dashboard',
  groups: 'Protection groups',
  plans: 'Recovery plans',
  executions: 'Executions',
  sideNavigation: 'Side navigation',
  openNavigation: 'Open side navigation',
  closeNavigation: 'Close side navigation',
  notifications: 'Notifications',
  help: 'Help',
  openHelp: 'Open help',
  closeHelp: 'Close help',
  breadcrumbs: 'Breadcrumbs',
  dismiss: 'Dismiss',
  account: 'Your account',
  signOut: 'Sign out',
  darkMode: 'Use dark mode',
  lightMode: 'Use light mode',
  stack: (environment: string, region: string) => `${environment}, ${region}`,
  noRole: 'no role',
  person: (email: string, roles: readonly string[]) => {
    const [only] = roles;
    const role = roles.length > 1 ? plural(roles.length, 'role') : only;
    return role === undefined ? email : `${email} (${role})`;
  },
  signedOutIdle: 'You were signed out because nothing was done here for 30 minutes.',
  idleTitle: 'Are you still there?',
  idleText: (left: string) => `Nothing was done here for a while. You will be signed out in ${left}.`,
  stay: 'Stay signed in',
};

export const help: Record<'dashboard' | 'groups' | 'group' | 'plans' | 'plan' | 'wizard' | 'executions' | 'execution', HelpTopic> = {
  dashboard: {
    title: 'Dashboard',
    paragraphs: [
      'What runs now stands first, and of that what waits for a person. Then what failed, which plans have not been drilled lately, and how DRS is doing in each Region that your groups use.',
    ],
  },
  groups: {
    title: 'Protection groups',
    paragraphs: [
      'A protection group is a named set of source servers in one account and Region. A server is in one group at most. Recovery plans are made of groups.',
    ],
  },
  group: {
    title: 'Protection group',
    paragraphs: [
      'Choose the Region first: the servers that DRS replicates there are listed with their state and with the age of their data.',
      'A drill starts real servers. Write down how a drill of this group is kept away from production; without that, each drill must acknowledge it.',
    ],
    terms: [
      ['Lag', 'How old the newest consistent data of a server is.'],
      ['In another group', 'The server belongs to that group already and cannot be chosen here.'],
    ],
  },
  plans: {
    title: 'Recovery plans',
    paragraphs: [
      'A recovery plan is a graph of waves. The servers of a wave launch together; a wave starts when all the waves that it depends on have ended.',
    ],
  },
  plan: {
    title: 'Recovery plan',
    paragraphs: [
      'A drill launches the servers beside production, to be terminated afterwards. A recovery launches them for real: its instances are never terminated by this product.',
      'Neither redirects any traffic.',
    ],
  },
  wizard: {
    title: 'Making a plan',
    paragraphs: ['The graph is drawn as you edit. Nothing is saved before the last step.'],
    terms: [
      ['Gate', 'The wave waits there for a person.'],
      ['Need', 'How many servers must launch for the wave to count as a success.'],
      ['On failure', 'What happens when the need is not met: stop everything that has not started, wait for a person, or go on.'],
      ['Time limit', 'A wave that takes longer ends as timed out.'],
    ],
  },
  executions: {
    title: 'Executions',
    paragraphs: ['Every drill and every recovery, active or ended, newest first. Filters are part of the address, so a filtered list can be shared.'],
  },
  execution: {
    title: 'Execution',
    paragraphs: [
      'The box at the top says what is happening, what is being waited for, who must act, and how old that is.',
      'A button that cannot be used now says why; the server decides.',
    ],
    terms: [
      ['Hold', 'Something that waits for a person: a gate, a failure, a pause, or a launch of which nobody knows whether DRS accepted it.'],
      ['Launched', 'DRS says that the instance runs. Whether it can be used is for you to test.'],
      ['Unknown', 'The DRS job ended or vanished without an answer for the server. It counts as not launched and may still change.'],
      ['Clean-up', 'Terminating the recovery instances of a drill, until a fresh look finds none.'],
    ],
  },
};

/** Words for when the console cannot start. */
export const start = {
  title: 'Cannot start',
  heading: 'The console cannot start',
  unusable: 'Its configuration cannot be used',
  unusableHelp:
    'The configuration is written when the stack is created or updated. Deploy the stack again, then try again.',
  unreachable: 'Its configuration cannot be reached',
  unreachableHelp:
    'This machine may be without a network, or the console’s address does not answer. It is tried again by itself every few seconds.',
  again: 'Try again',
};
