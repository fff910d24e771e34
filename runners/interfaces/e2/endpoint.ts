import type { Equipment } from '../../../src/domain/equipment.ts';
import type { Role } from '../../../src/domain/plan.ts';
import { reason, type Reason } from '../../../src/kernel/errors.ts';
import { err, ok, type Result } from '../../../src/kernel/result.ts';
import type { OpenSctpOptions } from '../sctp/open-sctp.ts';
import type { ConnectOptions } from '../sctp/types.ts';

/** Which end of E2 a product is: an E2 node connects, a near-RT RIC listens. */
export type E2Side = 'ric' | 'node';

const SIDES: Partial<Readonly<Record<Role, E2Side>>> = {
  'near-rt-ric': 'ric',
  gnb: 'node',
  'o-cu-cp': 'node',
  'o-cu-up': 'node',
  'o-du': 'node',
};

/** Where the tester listens when the equipment file does not say. There is no port that IANA has given to E2AP. */
export const DEFAULT_E2_PORT = 36_421;

/** How the E2 interface of a product is reached. */
export type E2Endpoint = {
  /** For `chooseTransport`. */
  readonly transport: string | undefined;
  /** For `openSctp`: our address and UDP port. */
  readonly open: Pick<OpenSctpOptions, 'host' | 'udpPort'>;
} & (
  | { readonly side: 'ric'; readonly connect: ConnectOptions }
  | {
      readonly side: 'node';
      readonly listen: { readonly port: number };
      /** Where the product comes from; others may come to the same port. `undefined`: whoever comes is taken for it. */
      readonly from: string | undefined;
    }
);

/** What the equipment file says of `interfaces.e2`; INTERFACE_MISSING when that is not enough. */
export function readE2Endpoint(
  equipment: Pick<Equipment, 'role' | 'interfaces'>,
): Result<E2Endpoint, Reason> {
  const side = SIDES[equipment.role];
  const endpoint = equipment.interfaces['e2']?.endpoint;
  if (side === undefined) return missing(`equipment in the role ${equipment.role} has no E2 interface`);
  if (endpoint === undefined) return missing('the equipment file has no interfaces.e2.endpoint');
  const { host, port, transport, udpEncapsulation: udp = {}, tester = {} } = endpoint;
  const open = {
    ...(tester.host === undefined ? {} : { host: tester.host }),
    ...(udp.local === undefined ? {} : { udpPort: udp.local }),
  };
  if (side === 'node')
    return ok({ side, transport, open, listen: { port: tester.port ?? DEFAULT_E2_PORT }, from: host });
  if (host === undefined || port === undefined)
    return missing(
      'interfaces.e2.endpoint of the equipment file must have host and port: where the RIC listens',
    );
  const connect = {
    ...{ host, port },
    ...(tester.port === undefined ? {} : { localPort: tester.port }),
    ...(udp.remote === undefined ? {} : { remoteUdpPort: udp.remote }),
  };
  return ok({ side, transport, open, connect });
}

function missing(text: string): Result<never, Reason> {
  return err(reason('INTERFACE_MISSING', text));
}
