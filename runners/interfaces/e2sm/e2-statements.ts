import type { E2Statement, E2Topic } from '../../../src/domain/e2-statement.ts';
import { decodePdu } from '../e2/codec.ts';
import { unwrapItems } from '../e2/messages.ts';
import type { AnyMessage, Item } from '../e2/types.ts';
import { PerError } from '../per/error.ts';
import { isBitString, isObject } from '../per/values.ts';
import { plmnText } from '../ap/values.ts';
import { KPM } from './kpm/kpm.ts';
import { checkTimeStamp } from './kpm/time-stamp.ts';
import { decodeControl } from './rc/control.ts';
import { decodeRcDefinition } from './rc/definition.ts';
import { serviceModel } from './service-models.ts';

export interface HeardMessage {
  readonly bytes: Uint8Array;
  /** Where it stands, for people: `message 3 of the capture`. */
  readonly source: string;
  /** Messages of one association have the same. */
  readonly association: number;
  readonly inUdp: boolean;
}

/** What a capture may make us keep, of each kind. */
const MOST = 2_000;

type Said = readonly [topic: E2Topic, value: string | number];

/** What the two sides of E2 tell of themselves by their messages. Never throws, whatever it hears. */
export class E2Listener {
  readonly #statements = { ric: new Map<string, E2Statement>(), node: new Map<string, E2Statement>() };
  /** Short names of service models by association and RAN function. */
  readonly #models = new Map<string, string>();

  get ric(): readonly E2Statement[] {
    return [...this.#statements.ric.values()];
  }

  get node(): readonly E2Statement[] {
    return [...this.#statements.node.values()];
  }

  hear(heard: HeardMessage): void {
    const { message } = decodePdu(heard.bytes);
    if (message === null) return;
    const said = this.#read(message, heard.association);
    if (said === null) return;
    const carriage: Said = ['carriage', heard.inUdp ? 'udp' : 'ip'];
    for (const [topic, value] of [...said.what, carriage]) {
      const statement = { topic, value, source: heard.source, captured: true };
      const key = `${topic} ${value}`;
      const of = this.#statements[said.by];
      if (of.size < MOST && !of.has(key)) of.set(key, statement);
    }
  }

  #read(
    message: AnyMessage,
    association: number,
  ): { readonly by: 'ric' | 'node'; readonly what: readonly Said[] } | null {
    switch (message.name) {
      case 'E2setupRequest': {
        const { ies } = message;
        const functions = unwrapItems('RANfunction-Item', ies.RANfunctionsAdded);
        const old: readonly Said[] = ies.TransactionID === undefined ? [['e2ap', 1]] : [];
        const what = functions.flatMap((each) => this.#function(each, association));
        return { by: 'node', what: [...old, ...identityOf(ies['GlobalE2node-ID'], true), ...what] };
      }
      case 'E2setupResponse': {
        const { TransactionID, 'GlobalRIC-ID': id } = message.ies;
        const old: readonly Said[] = TransactionID === undefined ? [['e2ap', 1]] : [];
        return { by: 'ric', what: [...old, ...identityOf(id, false)] };
      }
      case 'RICindication': {
        const { RANfunctionID, RICindicationHeader: header } = message.ies;
        const isKpm = this.#modelOf(association, RANfunctionID) === 'kpm';
        const lengths = isKpm && header !== undefined ? checkTimeStamp(header, 'v3').lengths : [];
        // A header that can be read in both ways tells nothing.
        return {
          by: 'node',
          what: lengths.length === 1 ? lengths.map((each) => ['kpm.timeStampOctets', each]) : [],
        };
      }
      case 'RICsubscriptionRequest': {
        const { RANfunctionID, RICsubscriptionDetails: details } = message.ies;
        const actions = unwrapItems('RICaction-ToBeSetup-Item', details?.['ricAction-ToBeSetup-List']);
        const model = this.#modelOf(association, RANfunctionID);
        const definitions = actions.flatMap(({ ricActionDefinition: each }) => each ?? []);
        return {
          by: 'ric',
          what: model === 'kpm' ? [['model', model], ...definitions.flatMap(styleAsked)] : [],
        };
      }
      case 'RICcontrolRequest': {
        const { RANfunctionID, RICcontrolHeader: header, RICcontrolMessage: body } = message.ies;
        if (this.#modelOf(association, RANfunctionID) !== 'rc') return null;
        if (header === undefined || body === undefined) return null;
        return { by: 'ric', what: [['model', 'rc'], ...controlAsked(header, body)] };
      }
      default:
        return null;
    }
  }

  #modelOf(association: number, id: number | undefined): string | undefined {
    return this.#models.get(`${association} ${String(id)}`);
  }

  #function(
    { ranFunctionID, ranFunctionOID, ranFunctionDefinition }: Item<'RANfunction-Item'>,
    association: number,
  ): readonly Said[] {
    const { name } = serviceModel(ranFunctionOID);
    const model = { 'E2SM-KPM': 'kpm', 'E2SM-RC': 'rc' }[name] ?? name;
    if (this.#models.size < MOST) this.#models.set(`${association} ${ranFunctionID}`, model);
    const numbered: readonly Said[] =
      model === name
        ? [['model', model]]
        : [
            ['model', model],
            ['model.oid', `${model} ${ranFunctionOID}`],
          ];
    const styles = readOr(() => stylesOf(model, ranFunctionDefinition), null);
    return styles === null
      ? [...numbered, ['definition.unreadable', `RAN function ${ranFunctionID}, ${name}`]]
      : [...numbered, ...styles];
  }
}

function stylesOf(model: string, definition: Uint8Array): readonly Said[] {
  if (model === 'kpm')
    return KPM.v3.definition.decode(definition).reportStyles.map(({ style }) => ['kpm.styles', style]);
  if (model === 'rc')
    return decodeRcDefinition(definition).controlStyles.map(({ style }) => ['rc.styles', style]);
  return [];
}

function styleAsked(definition: Uint8Array): readonly Said[] {
  return readOr(() => [['kpm.styles', KPM.v3.action.decode(definition).style]], []);
}

function controlAsked(header: Uint8Array, message: Uint8Array): readonly Said[] {
  return readOr(() => {
    const { command } = decodeControl({ header, message });
    return command.kind === 'other' ? [['rc.styles', command.style]] : [];
  }, []);
}

/** Network and length of an identity, whichever kind it is of; a RIC has 20 bits always. */
function identityOf(id: unknown, withLength: boolean): readonly Said[] {
  const found: Said[] = [];
  const look = (value: unknown, name: string): void => {
    if (value instanceof Uint8Array && value.length === 3 && /plmn/iu.test(name))
      found.push(['plmn', plmnText(value)]);
    else if (isBitString(value)) {
      if (withLength) found.push(['nodeIdBits', value.length]);
    } else if (isObject(value)) for (const [inner, member] of Object.entries(value)) look(member, inner);
  };
  look(id, '');
  return found;
}

function readOr<T, U>(read: () => T, instead: U): T | U {
  try {
    return read();
  } catch (error) {
    if (error instanceof PerError) return instead;
    throw error;
  }
}
