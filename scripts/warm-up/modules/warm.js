import { sh } from 'play/module';

export default {
  name: 'warm',
  on: 'host',
  summary: 'A module of an author has been read.',
  params: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
  resource: ({ word }) => ({ kind: 'action', run: sh`: ${word}` }),
};
