import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import { partLoanLines, partLoans } from '../../db/schema.ts';
import { list, statement } from '../../db/statement.ts';
import type { PartLoan, PartsQuestions } from './index.ts';

/** The loan of a number; no row when there is none. */
export const getLoan = statement((db, loanNumber: string) =>
  loans(db, eq(partLoans.loanNumber, loanNumber), 1),
);

/** Loans, the latest first. */
export const listLoans = statement((db, filter: Parameters<PartsQuestions['listLoans']>[0]) => {
  const { status, caseNumber, after } = filter;
  return loans(
    db,
    and(
      status && eq(sql`status`, status),
      caseNumber === undefined ? undefined : eq(partLoans.caseNumber, caseNumber),
      after === undefined
        ? undefined
        : sql`(${partLoans.issuedAt}, ${partLoans.seq}) < (
        select issued_at, seq from ${partLoans} as known where known.loan_number = ${after})`,
    ),
    filter.limit,
  );
});

// The status is derived from the lines and never stored.
function loans(db: Db, condition: SQL | undefined, limit: number) {
  const { outstanding, issued } = partLoanLines;
  const lines = db
    .select({
      lines: list(
        {
          partNumber: partLoanLines.partNumber,
          location: partLoanLines.location,
          issued,
          usedWithCore: partLoanLines.usedWithCore,
          returnedUnused: partLoanLines.returnedUnused,
          writtenOff: partLoanLines.writtenOff,
          outstanding,
        },
        partLoanLines.partNumber,
      ).as('lines'),
      status: sql<PartLoan['status']>`case when coalesce(sum(${outstanding}), 0) = 0 then 'cleared'
        when sum(${outstanding}) = sum(${issued}) then 'issued' else 'partiallyCleared' end`.as(
        'status',
      ),
    })
    .from(partLoanLines)
    .where(eq(partLoanLines.loanNumber, partLoans.loanNumber))
    .as('summed');
  return db
    .select({
      loanNumber: partLoans.loanNumber,
      caseNumber: partLoans.caseNumber,
      borrower: partLoans.borrower,
      status: lines.status,
      issuedAt: partLoans.issuedAt,
      dueAt: partLoans.dueAt,
      lines: lines.lines,
    })
    .from(partLoans)
    .innerJoinLateral(lines, sql`true`)
    .where(condition)
    .orderBy(desc(partLoans.issuedAt), desc(partLoans.seq))
    .limit(limit);
}
