import { expect, it } from 'vitest';
import { dialledEndPoint, sctpEndPoint } from '../../../../runners/procedures/sctp-end-point.ts';
import { transportFor } from '../../../../runners/procedures/sctp-transport.ts';
import type { EndPoint } from '../../../../src/domain/equipment.ts';
import { anEquipment } from '../../../support/things.ts';

const E2 = { interface: 'e2', usualPort: 36_421 };
const having = (endpoint: EndPoint) => anEquipment('acme/ric-1', { interfaces: { e2: { endpoint } } });

it('reads where a product listens, and from where the tester comes', () => {
  const endpoint = {
    ...{ host: '192.0.2.10', port: 36_422, transport: 'ts-udp' },
    udpEncapsulation: { local: 9_900, remote: 9_898 },
    tester: { host: '192.0.2.1' },
  };
  expect(dialledEndPoint(having(endpoint), E2)).toEqual({
    ...{ interface: 'e2', product: 'acme/ric-1', host: '192.0.2.10', port: 36_422, transport: 'ts-udp' },
    ...{ udp: { local: 9_900, remote: 9_898 }, tester: { host: '192.0.2.1' } },
  });
});

it('takes the usual ports where the equipment file names none', () => {
  expect(dialledEndPoint(having({ host: 'ric', udpEncapsulation: {} }), E2)).toMatchObject({
    ...{ port: 36_421, udp: { remote: 9_899 } },
  });
  expect(sctpEndPoint(having({ tester: { port: 36_500 } }), 'e2')).toMatchObject({
    ...{ udp: null, tester: { port: 36_500 } },
  });
});

it('blocks the case when the file does not say enough', () => {
  expect(() => sctpEndPoint(anEquipment('acme/ric-1', { interfaces: {} }), 'e2')).toThrow(
    /acme\/ric-1: the equipment file has no interfaces\.e2\.endpoint/u,
  );
  expect(() => dialledEndPoint(having({ port: 1 }), E2)).toThrow(/names no host/u);
});

it('takes ports of UDP for a wish to travel in it', () => {
  const facts = { kernel: true, usrsctp: 'libusrsctp.so.2', raw: true };
  expect(transportFor({ udp: { remote: 9_899 } }, facts).name).toBe('sctp:usrsctp');
  expect(transportFor({ transport: 'ts-udp', udp: null }, facts).name).toBe('sctp:ts-udp');
});
