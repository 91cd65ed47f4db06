import { words } from './entry.ts';

/** What AWS says no to, and what is missing before it can be asked. `call` is what was asked, as in `ssm:SendCommand`. */
export const awsWords = {
  E_AWS_PACKAGE: words<{ name: string; detail: string }>({
    exit: 3,
    say: (f) => `this needs the package ${f.name}, which cannot be loaded: ${f.detail}`,
    hint: (f) => `install it beside the playbook or in the folder of play: npm install ${f.name}`,
  }),
  E_AWS_REGION: words<{ call: string }>({
    exit: 3,
    say: (f) => `${f.call}: no region is known`,
    hint: () => 'set AWS_REGION, or `region` of the profile, or say it where the call is made',
  }),
  E_AWS_CREDENTIALS: words<{
    call: string;
    detail: string;
    fault: 'none' | 'expired' | 'refused';
    /** The profile that was to give them. */
    profile?: string;
  }>({
    exit: 3,
    say: (f) => {
      const whose = f.profile === undefined ? '' : ` for the profile ${f.profile}`;
      if (f.fault === 'none') return `${f.call}: no credentials were found${whose}: ${f.detail}`;
      return f.fault === 'expired'
        ? `${f.call}: the credentials have expired: ${f.detail}`
        : `${f.call}: AWS does not take the credentials: ${f.detail}`;
    },
    hint: (f) => {
      if (f.fault === 'expired')
        return 'get new ones (aws sso login, a new session token …) and run again: what is done already is found done';
      if (f.fault === 'none' && f.profile !== undefined)
        return `${f.profile} has to be in ~/.aws/config or ~/.aws/credentials: aws configure list-profiles; play doctor aws says what it finds`;
      return 'looked for in the environment, the profile, SSO, a web identity, a container and the instance; play doctor aws says what it finds';
    },
  }),
  E_AWS_DENIED: words<{ call: string; action: string; detail: string }>({
    exit: 3,
    say: (f) => `${f.call}: AWS denies it: ${f.detail}`,
    hint: (f) => `the identity needs ${f.action}; docs/aws.md has the policies, play doctor aws tries them`,
  }),
  E_AWS_THROTTLED: words<{ call: string; attempts: number }>({
    exit: 3,
    say: (f) => `${f.call}: AWS still asks to slow down after ${f.attempts} attempts`,
    hint: () =>
      'something else in the account uses up the rate: run later, or with fewer hosts at once (--forks, serial)',
  }),
  E_AWS_UNREACHABLE: words<{ call: string; detail: string }>({
    exit: 3,
    say: (f) => `${f.call}: the endpoint cannot be reached: ${f.detail}`,
    hint: () => 'check the network, a proxy, and AWS_ENDPOINT_URL where it is set',
  }),
  E_AWS_CALL: words<{ call: string; name: string; detail: string; request?: string }>({
    exit: 3,
    say: (f) =>
      `${f.call}: ${f.name}${f.detail === f.name ? '' : `: ${f.detail}`}${f.request ? ` (request ${f.request})` : ''}`,
  }),
};
