import { describe, expect, it } from 'vitest';
import { ingested, notCrashed, notHung } from '../../../../../../runners/procedures/ap/fuzz/judging.ts';
import {
  type Health,
  type SeenCampaign,
  type SeenInput,
  type SeenWindow,
} from '../../../../../../runners/procedures/ap/fuzz/observing.ts';

const aWindow = (health: Health, changes: Partial<SeenWindow> = {}): SeenWindow => ({
  ...{ n: 2, state: 'after-setup', from: 0, to: 19, sent: 20, answered: 12, health, probeMs: 5 },
  ...{ single: false, ...changes },
});
const anInput = (kept: SeenInput['kept']): SeenInput => ({
  ...{ n: 9, index: 7, state: 'after-setup', class: 'order', template: 'ResetRequest' },
  ...{ how: 'element 49 twice', kept, bytes: '0003' },
});
const aCampaign = (windows: readonly SeenWindow[], inputs: readonly SeenInput[] = []): SeenCampaign => ({
  ...{ n: 1, seed: 4, iterations: 20, windows, inputs },
});

describe('what is made of a campaign of mutated messages', () => {
  it('passes a product that serves, also one that ends associations and takes others', () => {
    const campaign = aCampaign([aWindow('served'), aWindow('reconnected')]);
    for (const judge of [ingested, notCrashed, notHung]) expect(judge(campaign).verdict).toBe('pass');
  });

  it('names the seed, the input and its octets when one of them makes an association mute', () => {
    const found = notHung(aCampaign([aWindow('mute'), aWindow('mute', { single: true })], [anInput('mute')]));
    expect(found.verdict).toBe('fail');
    for (const part of ['hang', 'seed 4', 'index 7', 'order', 'element 49 twice', '0003'])
      expect(found.saw).toContain(part);
  });

  it('names the whole window when the product does not come back to try them one by one', () => {
    const found = notCrashed(aCampaign([aWindow('served'), aWindow('gone')], [anInput('suspect')]));
    expect(found).toMatchObject({ verdict: 'fail', shownBy: [2, 9] });
    expect(found.saw).toContain('index 0 to 19');
  });

  it('tells a crash from a hang', () => {
    expect(notHung(aCampaign([aWindow('gone')])).verdict).toBe('pass');
    expect(notCrashed(aCampaign([aWindow('mute')])).verdict).toBe('pass');
    expect(notCrashed(aCampaign([aWindow('away')])).saw).toContain('restart');
  });

  it('is undecided about a product that has shown no sign of reading in a state', () => {
    const silent = aWindow('reconnected', { answered: 0, state: 'before-setup' });
    expect(ingested(aCampaign([aWindow('served'), silent])).verdict).toBe('inconc');
  });

  it('says nothing when the case did not get there', () => {
    expect(notCrashed(undefined).verdict).toBe('none');
  });
});
