import { describe, expect, it } from 'vitest';
import { PROTOCOLS_UNDER_TEST } from '../../support/ap/protocols.ts';
import { hasTshark } from '../../support/tshark.ts';
import { faultsInProtocol } from '../../tshark/application-protocol.ts';

/** Each message about once; `npm run golden:tshark` has no end. */
const COUNT = 60;

describe.skipIf(!hasTshark())('the tshark of this machine (needs tshark)', () => {
  it.each(PROTOCOLS_UNDER_TEST)('finds no fault in random messages of $name', async (protocol) => {
    const tshark = { command: ['tshark'], root: '' } as const;
    expect(await faultsInProtocol(tshark, protocol, { count: COUNT, seed: 1 })).toEqual([]);
  });
});
