import { defineFunction, FunctionError } from '../function.ts';
import { createRandom } from '../seeded.ts';
import { sha512Crypt } from '../sha512-crypt.ts';

const SALT = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const passwordHash = defineFunction({
  name: 'password_hash',
  summary: 'A password as `/etc/shadow` holds it: SHA-512 crypt, for the `password` of `user`.',
  params: {
    password: { kind: 'text', about: 'the password' },
    salt: {
      kind: 'text',
      about:
        'up to 16 letters, digits, dots and slashes. Without it, the hash is another one in every run, and so the user changes',
      optional: true,
    },
    rounds: { kind: 'integer', about: 'how much work it is', default: 5000 },
  },
  result: 'text',
  call: ({ password, salt, rounds }, context) => {
    const own = salt ?? createRandom(`salt ${context.seed}`).text(16, SALT);
    if (!/^[./0-9A-Za-z]{1,16}$/.test(own))
      throw new FunctionError('salt is 1 to 16 letters, digits, dots and slashes');
    if (rounds < 1000 || rounds > 1_000_000) throw new FunctionError('rounds is 1000 to 1000000');
    return sha512Crypt(password, own, rounds);
  },
  examples: [
    {
      args: ['Hello world!', 'saltstring'],
      result: '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
    },
  ],
  alsoCalled: ['sha512_crypt', 'mkpasswd', 'crypt', 'password'],
});
