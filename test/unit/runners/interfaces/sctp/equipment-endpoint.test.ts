import { expect, it } from 'vitest';
import { wayToEquipment } from '../../../../../runners/interfaces/sctp/equipment-endpoint.ts';

const FACTS = { kernel: true, usrsctp: 'libusrsctp.so.2', raw: true };
const RIC = { host: '192.0.2.1', port: 36_421 };

it('reaches equipment on IP by the kernel where it may', () => {
  const way = wayToEquipment(RIC, FACTS);
  expect(way).toMatchObject({ choice: { name: 'sctp:kernel' }, open: {}, connect: RIC });
});

it('reaches equipment behind UDP in UDP, from our port to its port', () => {
  const udpEncapsulation = { local: 9_900, remote: 9_899 };
  const way = wayToEquipment({ ...RIC, transport: 'auto', udpEncapsulation }, FACTS);
  expect(way.choice.name).toBe('sctp:usrsctp');
  expect(way.open).toEqual({ udpPort: 9_900 });
  expect(way.connect).toEqual({ ...RIC, remoteUdpPort: 9_899 });
});

it('takes the transport that the equipment names, whatever else it says', () => {
  const udpEncapsulation = { local: 9_900, remote: 9_899 };
  const kernel = wayToEquipment({ ...RIC, transport: 'kernel', udpEncapsulation }, FACTS);
  expect(kernel.choice.name).toBe('sctp:kernel');
  expect(wayToEquipment({ ...RIC, transport: 'ts-udp' }, FACTS).choice.name).toBe('sctp:ts-udp');
});
