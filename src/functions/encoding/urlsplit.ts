import type { Fields } from '../../model/value.ts';
import { defineFunction, FunctionError } from '../function.ts';
import { shown } from '../words.ts';

export const urlsplit = defineFunction({
  name: 'urlsplit',
  summary:
    'The parts of a URL: scheme, username, password, hostname, port (0 when not written), path, query, fragment; or one of them.',
  params: {
    url: { kind: 'text', about: 'a whole URL' },
    part: { kind: 'text', about: 'the name of a part', optional: true },
  },
  result: 'any',
  call: ({ url, part }) => {
    if (!URL.canParse(url)) throw new FunctionError(`${shown(url)} is not a whole URL`);
    const { protocol, username, password, hostname, port, pathname, search, hash } = new URL(url);
    const parts: Fields = {
      scheme: protocol.slice(0, -1),
      username: decodeURIComponent(username),
      password: decodeURIComponent(password),
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? 0 : Number(port),
      path: pathname,
      query: search.slice(1),
      fragment: hash.slice(1),
    };
    const one = part === undefined ? parts : Object.hasOwn(parts, part) ? parts[part] : undefined;
    if (one === undefined) throw new FunctionError(`a URL has no "${part}"; it has ${Object.keys(parts).join(', ')}`);
    return one;
  },
  examples: [
    { args: ['https://example.com:8443/a/b?x=1#top', 'hostname'], result: 'example.com' },
    {
      args: ['http://ann@[::1]:8080/a'],
      result: {
        scheme: 'http',
        username: 'ann',
        password: '',
        hostname: '::1',
        port: 8080,
        path: '/a',
        query: '',
        fragment: '',
      },
    },
  ],
  alsoCalled: ['urlparse', 'parse_url', 'url_split'],
});
