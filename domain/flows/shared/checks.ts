/** What answers to shared tasks must fulfil beyond their shape. Pure, and free of zod: the workflow asks the same again. */
import type { Checks } from '../../checks.ts';
import type { Candidate } from '../../dispatch.ts';
import {
  type LoanTally,
  type PartLine,
  type Problem,
  returnProblems,
  sumLines,
} from '../../loan.ts';
import { when } from '../../problems.ts';

/** What each task carries; those left out carry nothing. */
export interface Contexts {
  reportPhoneTriage: { faultCode: string; expectedParts: PartLine[] };
  reportGuidedReplacement: { expectedParts: PartLine[] };
  approveLoan: { lines: PartLine[] };
  receiveShortage: { shortages: PartLine[]; location: string };
  issueParts: { lines: PartLine[]; borrower: string | null };
  decideRejectedLoan: { lines: PartLine[] };
  confirmVisit: { candidates: Candidate[]; proposedAt: string };
  confirmDeparture: { engineerNumber: string; start: string };
  recordSiteFacts: { signatures: 'none' | 'user' | 'userAndWitnesses' };
  reportDiagnosis: { faultCode: string };
  adviseDiagnosis: { faultCode: string; causeCode: string };
  /** `sold`: parts that the engineer carries for sale; left out where none are. */
  reportRepair: { onLoan: LoanTally[]; customerParts: PartLine[]; sold?: PartLine[] };
  fileWarrantyClaim: { usedParts: UsedLine[] };
  signServiceRecord: { version: number; digest: string };
  /** `drill`: left out otherwise. */
  reportReturn: { outstanding: LoanTally[]; used: PartLine[]; drill?: true };
  receiveOldParts: { usedParts: UsedLine[] };
  recordCallback: { attempt: number };
  resolveFailure: { effect: string; failure: string };
}
export interface UsedLine extends PartLine {
  oldPartSerials: string[];
}

const serialsMatch = (lines: UsedLine[], pointer: string): Problem[] =>
  lines.flatMap((line, index) =>
    when(
      line.oldPartSerials.length !== line.quantity,
      `${pointer}/${index}/oldPartSerials`,
      'one old-part serial for each part',
    ),
  );

const sameParts = (given: PartLine[], used: PartLine[]): Problem[] => {
  const text = (lines: PartLine[]) =>
    JSON.stringify(sumLines(lines).sort((a, b) => a.partNumber.localeCompare(b.partNumber)));
  return when(
    text(given) !== text(used),
    '/lines',
    `must be the parts used: ${used.map((line) => `${line.quantity} × ${line.partNumber}`).join(', ')}`,
  );
};

/** A visit lies after its proposal, ends after it starts, and is over within a day. */
function slotProblems(
  start: string | undefined,
  end: string | undefined,
  proposedAt: string,
): Problem[] {
  if (start === undefined || end === undefined) return [];
  const [from, to] = [Date.parse(start), Date.parse(end)];
  return [
    ...when(from < Date.parse(proposedAt), '/start', 'lies in the past'),
    ...when(to <= from, '/end', 'must lie after start'),
    ...when(to - from > 86_400_000, '/end', 'a visit is over within a day'),
  ];
}

/** Who goes and when: a proposed engineer's own slot, or one that is given. */
export const proposedSlotProblems = (
  answer: { engineerNumber: string; start?: string | undefined; end?: string | undefined },
  context: Contexts['confirmVisit'],
): Problem[] => [
  ...when(
    (answer.start === undefined) !== (answer.end === undefined),
    '/end',
    'give both start and end, or neither',
  ),
  ...slotProblems(answer.start, answer.end, context.proposedAt),
  ...when(
    answer.start === undefined &&
      !context.candidates.some((one) => one.engineerNumber === answer.engineerNumber),
    '/engineerNumber',
    'not among the proposed engineers: give start and end',
  ),
];

const outstandingOf = (tallies: LoanTally[]): PartLine[] =>
  tallies.map(({ partNumber, outstanding }) => ({ partNumber, quantity: outstanding }));

/** No more is fitted from a source than there is, over all its lines: several loans may have the same part out. */
function drawnTooMuch(
  used: (PartLine & { source: string })[],
  source: string,
  available: PartLine[],
  where: string,
): Problem[] {
  const sum = (lines: PartLine[], partNumber: string) =>
    lines
      .filter((line) => line.partNumber === partNumber)
      .reduce((total, { quantity }) => total + quantity, 0);
  const drawn = used.filter((line) => line.source === source);
  return used.flatMap(({ partNumber, source: from }, index) => {
    const there = sum(available, partNumber);
    return when(
      from === source && sum(drawn, partNumber) > there,
      `/usedParts/${index}/quantity`,
      `${there} of ${partNumber} ${where}`,
    );
  });
}

/** Asked at the door and again by the workflow. */
export const engineChecks: Checks = {
  reportPhoneTriage: (answer) => [
    ...when(
      answer.guideByPhone && !answer.customerHasPart,
      '/guideByPhone',
      'only a customer who has the part can be guided to replace it',
    ),
    ...when(
      answer.fixedByPhone && answer.guideByPhone,
      '/guideByPhone',
      'the fault is fixed already',
    ),
    ...when(
      answer.customerHasPart && answer.expectedParts.length === 0,
      '/expectedParts',
      'name the part that the customer has',
    ),
  ],
  reportGuidedReplacement: (answer) => [
    ...when(
      answer.fixed && answer.usedParts.length === 0,
      '/usedParts',
      'name the part that was replaced',
    ),
    ...serialsMatch(answer.usedParts, '/usedParts'),
  ],
  confirmVisit: proposedSlotProblems,
  reportRepair: (answer, context) => [
    ...serialsMatch(answer.usedParts, '/usedParts'),
    ...drawnTooMuch(answer.usedParts, 'loan', outstandingOf(context.onLoan), 'on loan'),
    ...drawnTooMuch(answer.usedParts, 'sale', context.sold ?? [], 'at hand for sale'),
    ...when(
      answer.result === 'partMissing' && answer.expectedParts.length === 0,
      '/expectedParts',
      'name the missing part',
    ),
  ],
  fileWarrantyClaim: (answer, context) => [
    ...serialsMatch(answer.lines, '/lines'),
    ...sameParts(answer.lines, context.usedParts),
  ],
  receiveOldParts: (answer, context) => [
    ...serialsMatch(answer.lines, '/lines'),
    ...sameParts(answer.lines, context.usedParts),
  ],
  signServiceRecord: (answer, context) => [
    ...when(
      answer.version !== context.version,
      '/version',
      `the current version is ${context.version}`,
    ),
    ...when(
      answer.digest !== context.digest,
      '/digest',
      'not the digest of the version that is to be signed',
    ),
    ...when(
      answer.signed && answer.rating === undefined,
      '/rating',
      'who signs also rates the service',
    ),
  ],
  reportReturn: (answer, context) => [
    ...returnProblems(context.outstanding, answer.lines, answer.slipNumber),
    ...answer.lines.flatMap(({ usedWithCore }, index) =>
      when(
        context.drill === true && usedWithCore > 0,
        `/lines/${index}/usedWithCore`,
        'a drill uses no parts: they come back unused',
      ),
    ),
  ],
  recordCallback: (answer) =>
    when(
      answer.result === 'reached' && answer.fixed === undefined,
      '/fixed',
      'is the fault fixed? say so when the customer was reached',
    ),
};

/** Asked at the door only, since they look at what stays in the database. */
export const doorChecks: Checks = {
  confirmDeparture: (answer) =>
    when(
      !(answer.mustCarryItems && answer.workClothing && answer.tools && answer.papers) &&
        answer.missing === undefined,
      '/missing',
      'say what is missing',
    ),
  recordSiteFacts: (answer, { signatures: asked }) => {
    const signatures = answer.customerAbsent ? 'none' : asked;
    return [
      ...when(
        signatures !== 'none' && answer.userSignature === undefined,
        '/userSignature',
        'the user signs the on-site record',
      ),
      ...when(
        signatures === 'userAndWitnesses' && answer.witnessSignatures.length < 2,
        '/witnessSignatures',
        '2 to 3 witnesses sign the on-site record',
      ),
    ];
  },
  signServiceRecord: (answer) => [
    ...when(answer.signed && answer.signedBy === undefined, '/signedBy', 'who signed?'),
    ...when(
      !answer.signed && answer.refusal === undefined,
      '/refusal',
      'record why the signature was refused',
    ),
  ],
};
