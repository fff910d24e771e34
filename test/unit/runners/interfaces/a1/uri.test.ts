import { describe, expect, it } from 'vitest';
import { a1Path, a1Root, parseA1Path } from '../../../../../runners/interfaces/a1/uri.ts';

describe('a1Root', () => {
  it.each([
    [{ url: 'http://h:1' }, 'http://h:1/A1-P/v2'],
    [{ url: 'http://h:1/', basePath: '/A1-P/v2/' }, 'http://h:1/A1-P/v2'],
    [{ url: 'https://h/ric/A1-P/v2' }, 'https://h/ric/A1-P/v2'],
    [{ url: 'https://h/ric', basePath: '/other' }, 'https://h/ric/other'],
    [{ url: 'https://h', basePath: '/' }, 'https://h'],
    [{ url: 'ftp://h' }, null],
    [{}, null],
  ])('%o', (endpoint, root) => {
    expect(a1Root(endpoint)).toBe(root);
  });
});

describe('A1 paths', () => {
  it('come back as the resource they name, whatever is in an id', () => {
    const resource = { kind: 'status', type: 'a/b c', policy: 'p%1' } as const;
    expect(parseA1Path(`/A1-P/v2${a1Path(resource)}`, '/A1-P/v2')).toEqual(resource);
  });

  it.each(['/A1-P/v2', '/other/policytypes', '/A1-P/v2/policytypes/t/rules', '/A1-P/v2/policytypes/%'])(
    '%s names nothing',
    (path) => {
      expect(parseA1Path(path, '/A1-P/v2')).toBeNull();
    },
  );
});
