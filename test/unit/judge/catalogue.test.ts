import { beforeAll, describe, expect, it } from 'vitest';
import { TraceJudge } from '../../../src/judge/judge.ts';
import type { Program } from '../../../src/judge/program.ts';
import { examplesOf, type Said, shippedProperties } from '../../support/judge/catalogue.ts';
import { aMessage } from '../../support/judge/random-trace.ts';

const SET_UP: Readonly<Record<string, readonly [request: string, response: string]>> = {
  E2AP: ['E2setupRequest', 'E2setupResponse'],
  NGAP: ['NGSetupRequest', 'NGSetupResponse'],
  F1AP: ['F1SetupRequest', 'F1SetupResponse'],
  E1AP: ['GNB-CU-UP-E1SetupRequest', 'GNB-CU-UP-E1SetupResponse'],
  XnAP: ['XnSetupRequest', 'XnSetupResponse'],
};

describe('the catalogue', () => {
  let programs: readonly Program[] = [];
  beforeAll(async () => {
    programs = [...(await shippedProperties()).values()];
  });

  it('has properties of five protocols', () => {
    const protocols = new Set(programs.map(({ property }) => property.protocol));
    expect([...protocols].sort()).toEqual(['E1AP', 'E2AP', 'F1AP', 'NGAP', 'XnAP']);
    expect(programs.length).toBeGreaterThan(100);
  });

  it('finds in a talk with one planted violation exactly the property that is broken, and in a clean one none', () => {
    const all = programs.map((program) => {
      const { id } = program.property;
      const { good, bad } = examplesOf(program.property);
      const isFirst = id.endsWith('/setup-first');
      const [clean, planted] = [judged(program, good, !isFirst), judged(program, bad, !isFirst)];
      return { id, clean: clean.broken, verdict: clean.verdict, planted: planted.broken };
    });
    expect(all).toEqual(all.map(({ id }) => ({ id, clean: [], verdict: 'pass', planted: [id] })));
  });

  it('lets requests that were open at a time have an answer each', () => {
    const program = programs.find(({ property }) => property.id === 'ngap/session-setup-asked');
    if (program === undefined) throw new Error('there is no such property');
    const two = ['b', 'b', 'a', 'a'].map((by): Said => ({
      ...{ by: by as Said['by'], name: `PDUSessionResourceSetup${by === 'b' ? 'Request' : 'Response'}` },
    }));
    expect(judged(program, two, true)).toMatchObject({ broken: [], verdict: 'pass' });
    const spurious: readonly Said[] = [...two.slice(1), { by: 'b', name: 'Later' }];
    expect(judged(program, spurious, true).broken).toEqual([program.property.id]);
  });

  it('lets a node that has no such UE say so in place of releasing it', () => {
    const program = programs.find(({ property }) => property.id === 'ngap/context-release-answered');
    if (program === undefined) throw new Error('there is no such property');
    const talk: readonly Said[] = [
      { by: 'b', name: 'UEContextReleaseCommand' },
      { by: 'a', name: 'ErrorIndication' },
      { by: 'a', name: 'Later', afterMs: 5_001 },
    ];
    expect(judged(program, talk, true)).toMatchObject({ broken: [], verdict: 'pass' });
  });

  it('lets an end tell of an error in something else than the error indication that came to it', () => {
    const [asked, told] = [indication('a'), indication('b')];
    const broken = programs
      .filter(({ property }) => property.id.endsWith('/error-indication-ends'))
      .flatMap((program) => {
        const [name = ''] = SET_UP[program.property.protocol] ?? [];
        const setUp: Said = { by: 'a', name, afterMs: 2_000 };
        return [
          [setUp, asked, told],
          [{ ...asked, afterMs: 2_000 }, { ...setUp, afterMs: 10 }, told],
        ].flatMap((talk) => judged(program, talk, true).broken);
      });
    expect(broken.filter((id) => id.endsWith('/error-indication-ends'))).toEqual([]);
  });

  function indication(by: Said['by']): Said {
    return { by, name: 'ErrorIndication' };
  }

  function judged({ property }: Program, talk: readonly Said[], isSetUp: boolean) {
    const [request, response] = SET_UP[property.protocol] ?? ['', ''];
    const opening: readonly Said[] = [
      { by: 'a', name: request },
      { by: 'b', name: response },
    ];
    const own = programs.filter((program) => program.property.protocol === property.protocol);
    const judge = new TraceJudge({ programs: own });
    judge.open(1, { atMs: 0, isJoined: false });
    const ids = new Set(programs.flatMap((program) => program.property.forEvery));
    let atMs = 0;
    for (const [index, { by, name, values = {}, afterMs = 10 }] of [
      ...(isSetUp ? opening : []),
      ...talk,
    ].entries()) {
      atMs += afterMs;
      const value = (path: string) =>
        values[path] ?? (ids.has(path) ? (index < 2 && isSetUp ? 0 : 1) : undefined);
      const side = by === 'a' ? 0 : 1;
      judge.message({ ...aMessage({ n: index + 1, atMs, side, name, protocol: property.protocol }), value });
    }
    judge.end(atMs);
    const findings = judge.findings();
    return {
      broken: findings.filter(({ verdict }) => verdict === 'fail').map((finding) => finding.property.id),
      verdict: findings.find((finding) => finding.property.id === property.id)?.verdict,
    };
  }
});
