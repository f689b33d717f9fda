/** What is asked in flows that serve a machine. */
import { answers as loan } from '../parts-loan/contracts.ts';
import { answers as completion } from './completion/contracts.ts';
import { answers as phone } from './phone/contracts.ts';
import { answers as visit } from './visit/contracts.ts';

export const repairAnswers = { ...phone, ...loan, ...visit, ...completion };
