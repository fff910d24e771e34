import * as runtime from '../../per/runtime.ts';
import { exact } from '../exact.ts';
import { make } from '../gen/common.js';
import { schema } from '../gen/common-schema.js';
import { bitsOf, numberOfBits, plmnOctets, plmnText } from '../../ap/values.ts';
import { type CellId, nrCellOf } from '../identity.ts';
import type { Handover } from './commands.ts';
import type { Parameter, ParameterReader } from './parameters.ts';
import { HANDOVER_PARAMETERS as IDS } from './styles.ts';

const generated = make(runtime);
const NR_CGI = exact(generated['E2sm-Common.NrCgi'], schema, 'E2sm-Common.NrCgi');
const EUTRA_CGI = exact(generated['E2sm-Common.EutraCgi'], schema, 'E2sm-Common.EutraCgi');

/** A CGI travels as octets that are its encoding: nine of NR, eight of E-UTRA. */
export function writeHandover({ target }: Handover): readonly Parameter[] {
  const pLMNIdentity = plmnOctets(target.plmn);
  const nr = target.kind === 'nr';
  const octets = nr
    ? NR_CGI.encode({ pLMNIdentity, nRCellIdentity: bitsOf(target.id, 36) })
    : EUTRA_CGI.encode({ pLMNIdentity, eUTRACellIdentity: bitsOf(target.id, 28) });
  const cgi = { id: nr ? IDS.nrCgi.id : IDS.eutraCgi.id, value: { element: { valueOctS: octets } } };
  const cell = { id: nr ? IDS.nrCell.id : IDS.eutraCell.id, value: { structure: [cgi] } };
  const choice = { id: IDS.targetCell.id, value: { structure: [cell] } };
  return [{ id: IDS.targetPrimaryCell.id, value: { structure: [choice] } }];
}

export function readHandover(parameters: ParameterReader): Handover {
  const choice = parameters.structure(IDS.targetPrimaryCell.id).structure(IDS.targetCell.id);
  return { kind: 'handover', target: choice.has(IDS.eutraCell.id) ? readEutra(choice) : readNr(choice) };
}

function readNr(choice: ParameterReader): CellId {
  return nrCellOf(NR_CGI.decode(choice.structure(IDS.nrCell.id).octets(IDS.nrCgi.id, 9)));
}

function readEutra(choice: ParameterReader): CellId {
  const octets = choice.structure(IDS.eutraCell.id).octets(IDS.eutraCgi.id, 8);
  const { pLMNIdentity, eUTRACellIdentity } = EUTRA_CGI.decode(octets);
  return { kind: 'eutra', plmn: plmnText(pLMNIdentity), id: numberOfBits(eUTRACellIdentity) };
}
