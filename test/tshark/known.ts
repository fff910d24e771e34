import { type Expected, expectedOf, type Saying } from './saying.ts';

/** What tshark 4.4 does not read as the specifications have it, why, and what is done about it here. Nothing else is let pass. */
export const KNOWN = [
  'RICsubscriptionDeleteRequired is known to tshark as a successful outcome, and procedure 12 has only an initiating message: ' +
    'it is shown what is in it under that name, too',
  'tnlAddress is read as an address of 16 octets where it has not 4, however short it is: it has 32, 128 or 160 bits here',
  'A component of W1 is read as the protocol of the component before it: its messages are of a procedure that none has here',
  'A text of length 0 is followed by padding for tshark; nothing follows a length of 0 (X.691 clause 11.9.3): texts of KPM and RC are not empty here',
  'Integers without bounds of more than 4 octets are not read: those of KPM and RC are shorter here',
  'logicalOR of KPM is read as that of RC, which has another value (KPM: true, RC: true or false): it is left out here',
  'KPM v2 is read as v02.02, where matching conditions were made in another way than in v02.03: they are left out in v2 here',
  'The number of KPM v3 is misspelt in tshark (1.2.6… for 1.3.6…): it warns, and reads v3 as v3 all the same',
] as const;

/** Warnings that say what is so. */
export const EXPECTED_WARNINGS: readonly RegExp[] = [
  // In a message alone no set-up was before it, and what no function has is asked for on purpose.
  /^Service Model not mapped for FunctionID \d+$/u,
  // Random octets name no service model.
  /^ShortName does not match any known Service Model$/u,
  /^Dissector version mismatch - frame is iso\.3\.6\.1\.4\.1\.53148\.1\.3\.2\.2 but dissector is KPM v3$/u,
];

const UNREAD = 'RICsubscriptionDeleteRequired';
const SUCCESSFUL = 1;

/** Of a message of ours, what tshark can find in it. */
export function findable(expected: Expected): Expected {
  return expected.name === UNREAD ? { ...expected, name: null, ids: [] } : expected;
}

/** The messages, and after those that tshark does not know as what they are, the same as what it knows them. */
export function withReadable(sayings: readonly Saying[]): readonly Saying[] {
  return sayings.flatMap((saying) => {
    const expected = expectedOf(saying.bytes);
    if (expected.name !== UNREAD) return [saying];
    const bytes = saying.bytes.slice();
    // The alternative stands in the bits behind the first.
    bytes[0] = SUCCESSFUL << 5;
    return [saying, { ...saying, bytes, expected: { ...expected, kind: SUCCESSFUL } }];
  });
}
