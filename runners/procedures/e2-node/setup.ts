import type { Equipment } from '../../../src/domain/equipment.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { E2AP_PPID } from '../../interfaces/e2/codec.ts';
import { nodeText } from '../../interfaces/e2/identity.ts';
import { unwrapItems } from '../../interfaces/e2/messages.ts';
import type { Ies, Item } from '../../interfaces/e2/types.ts';
import { plmnText } from '../../interfaces/ap/values.ts';
import { KPM } from '../../interfaces/e2sm/kpm/kpm.ts';
import { decodeRcDefinition } from '../../interfaces/e2sm/rc/definition.ts';
import { serviceModel } from '../../interfaces/e2sm/service-models.ts';
import { PerError } from '../../interfaces/per/error.ts';
import { broken, clausesOf, type Found, holds, shown, undecided, unseen, worstOf } from '../ap/judging.ts';
import { seenEvents } from '../ap/seen-messages.ts';
import { messagesOf, type SeenMessage, seenPdus } from '../e2/seen-messages.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { componentFault } from './component-check.ts';
import { driveNode, isSetup } from './node.ts';
import { BASIC, SETTLE } from './parameters.ts';

const LEAST_FUNCTION_ID = 1;

/** E2TS 6.2.1.1.1: the E2 node presents itself, and every part of what it says is looked at. */
export const setup: Procedure = {
  id: 'e2.node.setup',
  parameters: { ...BASIC, settleMs: SETTLE },
  clauses: [
    'requested',
    'ppid',
    'syntax',
    'node-id',
    'functions',
    'function-ids',
    'definitions',
    'components',
    'completed',
  ],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      await driver.connect();
      const withinMs = bench.number('connectWithinMs');
      const link = await driver.door.arrival(0, { withinMs, signal });
      if (link === null) return;
      await link.waitFor(isSetup, { withinMs, signal, from: 0 });
      await pause(bench.number('settleMs'), { signal });
      link.enter('settled');
    }),

  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [request] = messagesOf(pdus, 'E2setupRequest', 'received');
    const product = seen.subjects[0];
    if (request === undefined || product === undefined) {
      const why = 'no E2 SETUP REQUEST came';
      const [unreadable] = pdus.filter(({ direction }) => direction === 'received');
      const requested =
        unreadable === undefined
          ? undecided(`${why} within ${seen.number('connectWithinMs')} ms`)
          : broken(`${why}; octets: ${shown(unreadable)}`, unreadable.n);
      const rest = setup.clauses.slice(1).map((id) => [id, unseen(why)] as const);
      return { clauses: clausesOf({ requested, ...Object.fromEntries(rest) }) };
    }
    return { clauses: clausesOf(judgeSetup(seen, request, product)) };
  },
};

type Request = SeenMessage<'E2setupRequest'>;

function judgeSetup(seen: Seen, request: Request, product: Equipment): Readonly<Record<string, Found>> {
  const { ies } = request.message;
  const functions = unwrapItems('RANfunction-Item', ies.RANfunctionsAdded);
  const [finding] = request.comprehension.findings;
  const about = (ok: boolean, saw: string): Found =>
    ok ? holds(saw, request.n) : broken(`${saw}; octets: ${shown(request)}`, request.n);
  const strange = functions.filter(({ ranFunctionID }) => ranFunctionID < LEAST_FUNCTION_ID);
  return {
    requested: holds('an E2 SETUP REQUEST came', request.n),
    ppid: about(request.ppid === E2AP_PPID, `payload protocol identifier ${request.ppid}`),
    syntax: about(finding === undefined, finding?.text ?? 'all that must be there is there'),
    'node-id': judgeNodeId(ies['GlobalE2node-ID'], product, about),
    functions: about(functions.length >= 1 && functions.length <= 256, `${functions.length} RAN function(s)`),
    'function-ids': about(
      strange.length === 0,
      `RAN function ids ${functions.map(({ ranFunctionID }) => ranFunctionID).join(', ')}`,
    ),
    definitions: judgeDefinitions(functions, about),
    components: judgeComponents(ies.E2nodeComponentConfigAddition, about),
    completed: judgeCompletion(seen, request),
  };
}

type About = (ok: boolean, saw: string) => Found;

/** The parts of a split gNB name themselves; whoever is no part of one does not. @see O-RAN.WG3.E2AP clause 9.2.6 */
function judgeNodeId(
  id: Ies<'E2setupRequest'>['GlobalE2node-ID'] | undefined,
  { role, ixit }: Equipment,
  about: About,
): Found {
  if (id === undefined) return about(false, 'no Global E2 Node ID');
  const text = nodeText(id);
  if (!('gNB' in id)) return about('en-gNB' in id || 'ng-eNB' in id || 'eNB' in id, text);
  const { 'gNB-DU-ID': du, 'gNB-CU-UP-ID': cuUp, 'global-gNB-ID': global } = id.gNB;
  const fits = (du !== undefined) === (role === 'o-du') && (cuUp !== undefined) === (role === 'o-cu-up');
  if (!fits) return about(false, `${text} is not the identity of a ${role}`);
  const plmn = plmnText(global['plmn-id']);
  const wanted = ixit['plmn'];
  return about(typeof wanted !== 'string' || wanted === plmn, `${text}, PLMN ${plmn}`);
}

function judgeDefinitions(functions: readonly Item<'RANfunction-Item'>[], about: About): Found {
  const findings = functions.flatMap((each): readonly Found[] => {
    const read = definitionOf(each);
    if (read === null) return [];
    const name = `RAN function ${each.ranFunctionID}`;
    if (typeof read === 'object') return [about(false, `${name}: ${read.fault}`)];
    return [
      about(
        read === each.ranFunctionOID,
        `${name} (${each.ranFunctionOID}) calls itself ${read} in its definition`,
      ),
    ];
  });
  return worstOf(findings, 'no RAN function of a service model that is known here');
}

/** The object identifier inside the definition; null for a model that is not known here. */
function definitionOf({
  ranFunctionOID,
  ranFunctionDefinition,
}: Item<'RANfunction-Item'>): string | { readonly fault: string } | null {
  const { name } = serviceModel(ranFunctionOID);
  try {
    if (name === 'E2SM-KPM') return KPM.v3.definition.decode(ranFunctionDefinition).name.oid;
    return name === 'E2SM-RC' ? decodeRcDefinition(ranFunctionDefinition).name.oid : null;
  } catch (error) {
    if (error instanceof PerError) return { fault: error.message };
    throw error;
  }
}

function judgeComponents(
  list: Ies<'E2setupRequest'>['E2nodeComponentConfigAddition'] | undefined,
  about: About,
): Found {
  const items = unwrapItems('E2nodeComponentConfigAddition-Item', list);
  const faults = items.flatMap((item, index) => {
    const fault = componentFault(item);
    return fault === null ? [] : [about(false, `component ${index + 1}: ${fault}`)];
  });
  if (items.length === 0) return about(false, 'no component');
  const types = items.map(({ e2nodeComponentInterfaceType: type }) => type);
  return worstOf([...faults, about(true, `${items.length} component(s): ${types.join(', ')}`)]);
}

/** After the response the association stays, and nothing is said against it. */
function judgeCompletion({ observations }: Seen, request: Request): Found {
  const pdus = seenPdus(observations);
  const response = messagesOf(pdus, 'E2setupResponse', 'sent').find(({ n }) => n > request.n);
  if (response === undefined) return unseen('the setup could not be accepted');
  const [indication] = messagesOf(pdus, 'ErrorIndication', 'received').filter(({ n }) => n > response.n);
  if (indication !== undefined)
    return broken(`the product objects; octets: ${shown(indication)}`, response.n, indication.n);
  const lost = seenEvents(observations).find(
    ({ type, step, association }) =>
      step === 'setup' && association === request.association && (type === 'lost' || type === 'closed'),
  );
  return lost === undefined
    ? holds('the association stays', response.n)
    : broken('the product ended the association after the response', response.n, lost.n);
}
