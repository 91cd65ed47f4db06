import { defineFunction } from '../function.ts';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };
export const htmlEscape = defineFunction({
  name: 'html_escape',
  summary: 'A text for HTML and XML: `&`, `<`, `>` and quotes are written as entities.',
  params: { text: { kind: 'text', about: 'any text' } },
  result: 'text',
  call: ({ text }) => text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one),
  examples: [{ args: ['<a href="x">R&D</a>'], result: '&lt;a href=&#34;x&#34;&gt;R&amp;D&lt;/a&gt;' }],
  alsoCalled: ['escape', 'e', 'xmlescape', 'forceescape'],
});
