import { createHash } from 'node:crypto';
import { defineFunction, FunctionError } from '../function.ts';
import { shown } from '../words.ts';

export const toUuid = defineFunction({
  name: 'to_uuid',
  summary: 'A UUID that is always the same for a text (version 5, RFC 9562). The namespace is the one of Ansible.',
  params: {
    text: { kind: 'text', about: 'any text' },
    namespace: { kind: 'text', about: 'another UUID', default: '361e6d51-faec-444a-9079-341386da8e2e' },
  },
  result: 'text',
  call: ({ text, namespace }) => {
    if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(namespace))
      throw new FunctionError(`${shown(namespace)} is not a UUID`);
    const bytes = createHash('sha1')
      .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
      .update(text, 'utf8')
      .digest();
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  },
  examples: [
    {
      args: ['www.example.com', '6ba7b810-9dad-11d1-80b4-00c04fd430c8'],
      result: '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    },
  ],
  alsoCalled: ['uuid', 'uuid5', 'uuidv5', 'random_uuid', 'uuid4'],
});
