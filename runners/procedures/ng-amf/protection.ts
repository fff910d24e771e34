import { RESPONSE_TIME } from '../ap/parameters.ts';
import { transportProtection } from '../ap/protection.ts';
import { driveAmf } from './amf-driver.ts';

/** TS 33.501 9.2: what an AMF says to a node of the RAN is protected on its way. */
export const amfProtection = transportProtection({
  id: 'ng.amf.transport-protection',
  interface: 'ng',
  parameters: { responseTimeMs: RESPONSE_TIME },
  speak: (bench, { signal, whileUp }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      await gnb.probe();
      await whileUp(gnb.link.peer.association);
    }),
});
