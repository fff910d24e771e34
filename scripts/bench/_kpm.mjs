// A KPM indication message of style 4: eight UEs with five measurements each, whole numbers and real ones.
import { ueOfDu } from '../../dist/runners/interfaces/e2sm/identity.js';
import { KPM } from '../../dist/runners/interfaces/e2sm/kpm/kpm.js';
import { KPM_PARTS } from '../../dist/runners/interfaces/e2sm/kpm/parts.js';

const NAMES = ['DRB.UEThpDl', 'DRB.UEThpUl', 'RRU.PrbTotDl', 'RRU.PrbTotUl', 'DRB.RlcSduDelayDl'];

/** Its octets; reading and writing them as a tree, and as what they mean. */
export function kpmIndication() {
  const measurements = NAMES.map((name) => ({ measurement: { name }, labels: [{ noLabel: 'true' }] }));
  const values = NAMES.map((_, at) => (at % 2 === 0 ? { real: 1_000.125 * (at + 1) } : { integer: 50 * at }));
  const reports = Array.from({ length: 8 }, (_, ue) => ({
    ue: ueOfDu(ue + 1),
    report: { records: [{ values, incomplete: false }], measurements, granularityMs: 1_000 },
  }));
  const { message } = KPM.v3;
  const meant = { format: 3, reports };
  const bytes = message.encode(meant);
  const tree = KPM_PARTS.indicationMessage.decode(bytes);
  return {
    bytes,
    ways: {
      tree: {
        decode: () => KPM_PARTS.indicationMessage.decode(bytes),
        encode: () => KPM_PARTS.indicationMessage.encode(tree),
      },
      meaning: { decode: () => message.decode(bytes), encode: () => message.encode(meant) },
    },
  };
}
