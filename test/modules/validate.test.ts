import { describe, expect, it } from 'vitest';
import { loadValidator } from '../../src/modules/validate.ts';

describe('parameters of a module', () => {
  it('are right, and say nothing', async () => {
    const check = await loadValidator('file');
    expect(check({ path: '/srv/app', state: 'directory', mode: '0750', owner: 1000 })).toEqual([]);
  });

  it('are wrong in several ways, and each is said with its place and what would fit', async () => {
    const check = await loadValidator('file');
    expect(check({ path: ['/a'], stat: 'directory', state: 'folder', mode: '9' })).toMatchObject([
      { path: [], keyword: 'additionalProperties', params: { additionalProperty: 'stat' } },
      { path: ['path'], keyword: 'type', params: { type: ['string'] } },
      { path: ['state'], keyword: 'enum', params: { allowedValues: expect.arrayContaining(['directory', 'absent']) } },
      { path: ['mode'], keyword: 'pattern' },
    ]);
  });

  it('name what would have been known, for "did you mean"', async () => {
    const check = await loadValidator('file');
    const [issue] = check({ path: '/a', stat: 'directory' });
    expect(issue?.params['allowed']).toEqual(expect.arrayContaining(['path', 'state', 'mode']));
  });

  it('say which item of a list is wrong', async () => {
    const check = await loadValidator('command');
    expect(check({ argv: ['ls', true] })).toMatchObject([
      { path: ['argv', 1], keyword: 'type', params: { type: ['string', 'number'] } },
    ]);
  });

  it('are never changed: no number becomes text, no default is filled in', async () => {
    const check = await loadValidator('file');
    const params = { path: 5 };
    expect(check(params)).toHaveLength(1);
    expect(params).toEqual({ path: 5 });
  });

  it('keep the results of one check when the next one runs', async () => {
    const check = await loadValidator('file');
    const first = check({ path: 5 });
    check({ path: '/a' });
    expect(first).toHaveLength(1);
  });

  it('are unknown without a module', async () => {
    await expect(loadValidator('toString')).rejects.toThrow('toString');
  });
});
