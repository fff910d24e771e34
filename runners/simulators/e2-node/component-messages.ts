import { plmnOctets } from '../../interfaces/ap/values.ts';

/**
 * Messages of other interfaces that an E2 node shows the RIC as the configuration of its components, in aligned PER: the smallest
 * ones that are whole. gNB 1, gNB-DU 1, tracking area 1, slice type 1, an AMF called AMF.
 */
export interface ComponentMessages {
  readonly request: Uint8Array;
  readonly response: Uint8Array;
}

/** NG SETUP REQUEST and RESPONSE. @see TS 38.413 clauses 9.2.6.1 and 9.2.6.2 */
export function ngSetup(plmn: string): ComponentMessages {
  const own = Buffer.from(plmnOctets(plmn)).toString('hex');
  return {
    request: octets([
      '0015 00 25 00 0003',
      ['001b 00 08 00', own, '00 000004'], // Global RAN Node ID
      ['0066 00 0d 00 00 000001 00', own, '0000 00 08'], // Supported TA List
      '0015 40 01 20', // Default Paging DRX
    ]),
    response: octets([
      '2015 00 29 00 0004',
      '0001 00 05 0100 414d46', // AMF Name
      ['0060 00 08 00 00', own, '01 0041'], // Served GUAMI List
      '0056 40 01 ff', // Relative AMF Capacity
      ['0050 00 08 00', own, '0000 00 08'], // PLMN Support List
    ]),
  };
}

/** F1 SETUP REQUEST and RESPONSE. @see TS 38.473 clauses 9.2.1.4 and 9.2.1.5 */
export function f1Setup(): ComponentMessages {
  return {
    request: octets([
      '0001 00 14 00 0003',
      '004e 00 02 00 00', // Transaction ID
      '002a 00 02 00 01', // gNB-DU ID
      '00ab 00 01 00', // gNB-DU RRC version
    ]),
    response: octets(['2001 00 0e 00 0002', '004e 00 02 00 00', '00aa 00 01 00']),
  };
}

function octets(parts: readonly (string | readonly string[])[]): Uint8Array {
  return new Uint8Array(Buffer.from(parts.flat().join('').replaceAll(' ', ''), 'hex'));
}
