import { quoted } from '../../util/quoted.ts';
import { words } from './entry.ts';

/** Mistakes with what is encrypted. */
export const secretsWords = {
  E_SECRET_OPEN: words<{
    what: string;
    fault: 'not-age' | 'damaged' | 'no-identity' | 'passphrase';
    kinds: string[];
    places: string[];
  }>({
    exit: 7,
    say: ({ what, fault, kinds, places }) => {
      if (fault === 'not-age') return `${what} is not encrypted with age`;
      if (fault === 'damaged') return `${what} is damaged: it is not as age wrote it`;
      if (fault === 'passphrase') return `${what} was not made with that passphrase`;
      const made = kinds.length > 0 ? ` (it is made for ${counted(kinds)})` : '';
      if (places.length === 0) return `${what} is encrypted, and there is no identity to open it with${made}`;
      return `${what} is encrypted for others than ${places.join(', ')}${made}`;
    },
    hint: ({ fault, kinds, places }) => {
      if (fault === 'not-age')
        return 'play secret encrypt makes such files; a value is printed by: play secret encrypt --value';
      if (fault === 'damaged') return 'copy it again from where it came, with all its lines; nothing of it was used';
      if (fault === 'passphrase') return 'try again; there is no way around a lost passphrase';
      if (kinds.length > 0 && kinds.every((kind) => kind.startsWith('ssh-')))
        return 'SSH keys cannot open files here; have it encrypted for an age key: play secret keygen';
      return places.length === 0
        ? 'name the private key: --identity FILE, or PLAY_AGE_IDENTITY; play secret keygen makes one'
        : 'name the right key with --identity FILE, or ask someone who can open it: play secret rekey FILE -r YOUR_PUBLIC_KEY';
    },
  }),
  E_IDENTITY_FILE: words<{ path: string; fault: string }>({
    exit: 7,
    say: (f) => `the identity ${f.path} cannot be used: ${f.fault}`,
    hint: () => 'an identity is a file with a line AGE-SECRET-KEY-1…; play secret keygen makes one',
  }),
  E_IDENTITY_EXISTS: words<{ path: string }>({
    exit: 2,
    say: (f) => `there is an identity already: ${f.path}`,
    hint: () => 'what is encrypted for it could not be read any more without it; name another file with -o',
  }),
  E_RECIPIENT: words<{ text: string; where: string }>({
    exit: 2,
    say: (f) => `${f.where}: ${quoted(f.text)} is no public key of age`,
    hint: (f) =>
      /^AGE-SECRET-KEY/.test(f.text)
        ? 'that is a private key; its public one is printed by play secret keygen, and stands in the file as a comment'
        : /^ssh-/.test(f.text)
          ? 'SSH keys cannot be used here; play secret keygen makes an age key'
          : 'it begins with age1; a file with one on each line can be named as well',
  }),
  E_NO_RECIPIENT: words<object>({
    exit: 2,
    say: () => 'it is not said who may open it',
    hint: () => 'give -r PUBLIC_KEY, put the keys into .play-recipients, or make a key of your own: play secret keygen',
  }),
  E_SECRET_FILE: words<{ path: string; fault: string; hint?: string }>({
    exit: 2,
    say: (f) => `${f.path}: ${f.fault}`,
    hint: (f) => f.hint,
  }),
  E_SECRET_VALUE: words<object>({
    exit: 2,
    say: () => 'after "!secret" stands no text that age encrypted',
    hint: () =>
      'play secret encrypt --value prints it ready to be pasted: NAME: !secret | and the lines of age, indented',
  }),
} as const;

function counted(kinds: readonly string[]): string {
  return [...new Set(kinds)]
    .map((kind) => {
      const count = kinds.filter((other) => other === kind).length;
      return kind === 'scrypt' ? 'a passphrase' : `${count} ${kind} key${count === 1 ? '' : 's'}`;
    })
    .join(' and ');
}
