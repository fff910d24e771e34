import { transportProtection } from '../ap/protection.ts';
import { driveGnb } from './gnb-driver.ts';
import { TIMES } from './parameters.ts';

/** TS 33.511, TS 33.523: what a gNB says to the core is protected on its way. */
export const gnbProtection = transportProtection({
  id: 'ng.gnb.transport-protection',
  interface: 'ng',
  parameters: TIMES,
  speak: (bench, { signal, whileUp }) =>
    driveGnb(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      await driver.probe(link);
      await whileUp(link.peer.association);
    }),
});
