import type { Equipment, EndPoint } from '../../src/domain/equipment.ts';
import { DEFAULT_UDP_PORT } from '../interfaces/sctp/connecting.ts';
import { Blocked } from './procedure.ts';

/** What an equipment file says of one of its interfaces that are carried by SCTP. */
export interface SctpEndPoint {
  /** As the equipment file calls it: `e2`, `ng`, `f1` … */
  readonly interface: string;
  /** Of the equipment, for what is said to people. */
  readonly product: string;
  /** Address or name of the product; absent: whoever comes is taken for it. */
  readonly host?: string;
  /** SCTP port on which the product listens. */
  readonly port?: number;
  /** `auto`, `kernel`, `ts-udp` …; absent is `auto`. */
  readonly transport?: string;
  /** Where SCTP travels in UDP (RFC 6951): port of the tester and of the product. */
  readonly udp: { readonly local?: number; readonly remote: number } | null;
  /** Ours: address and SCTP port where the product finds the tester, or from where the tester comes. */
  readonly tester: NonNullable<EndPoint['tester']>;
}

/** @throws Blocked when the equipment file does not have that interface */
export function sctpEndPoint(
  { id, interfaces }: Pick<Equipment, 'id' | 'interfaces'>,
  name: string,
): SctpEndPoint {
  const endpoint = interfaces[name]?.endpoint;
  if (endpoint === undefined) throw missing(id, `the equipment file has no interfaces.${name}.endpoint`);
  const { host, port, transport, udpEncapsulation: udp, tester = {} } = endpoint;
  return {
    ...{ interface: name, product: id, tester },
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(transport === undefined ? {} : { transport }),
    udp:
      udp === undefined
        ? null
        : {
            remote: udp.remote ?? DEFAULT_UDP_PORT,
            ...(udp.local === undefined ? {} : { local: udp.local }),
          },
  };
}

/** Where a product listens. */
export interface DialledEndPoint extends SctpEndPoint {
  readonly host: string;
  readonly port: number;
}

/**
 * The same of a product to which the tester connects.
 * @throws Blocked when the equipment file names no host
 */
export function dialledEndPoint(
  product: Pick<Equipment, 'id' | 'interfaces'>,
  { interface: name, usualPort }: { readonly interface: string; readonly usualPort: number },
): DialledEndPoint {
  const endPoint = sctpEndPoint(product, name);
  const { host, port = usualPort } = endPoint;
  if (host === undefined)
    throw missing(product.id, `interfaces.${name}.endpoint of the equipment file names no host`);
  return { ...endPoint, host, port };
}

function missing(id: string, text: string): Blocked {
  return new Blocked({ code: 'INTERFACE_MISSING', text: `${id}: ${text}` }, 'notSupportedByTestbed');
}
