import type { World } from '../world.ts';

/** What the services and stores saw of a case. */
export interface Seen {
  /** Statuses of its appointments, in the order booked. */
  visits: string[];
  reservations: string[];
  /** Per loan, per part: issued, used, unused, written off. */
  loans: Record<string, Record<string, [number, number, number, number]>>;
  /** Those that stand. */
  claims: number;
  /** Old parts that came in, with their serials. */
  oldParts: number;
  /** Ratings by version of the service record; null for a refused signature. */
  signatures: (string | null)[];
  records: number;
  articles: number;
  archived: boolean;
  /** Templates, in the order sent. */
  messages: string[];
}

/** Reads it from the tables that the services own. */
export async function seen({ sql }: World, caseNumber: string): Promise<Seen> {
  const [found] = await sql<Seen[]>`select
    (select coalesce(jsonb_agg(status order by booking_key), '[]') from appointments where case_number = ${caseNumber}) as visits,
    (select coalesce(jsonb_agg(status order by reservation_key), '[]') from part_reservations
      where case_number = ${caseNumber}) as reservations,
    (select coalesce(jsonb_object_agg(split_part(loan_number, '/', 2), lines), '{}') from (
      select loan_number, jsonb_object_agg(part_number,
        jsonb_build_array(issued, used_with_core, returned_unused, written_off)) as lines
      from part_loans join part_loan_lines using (loan_number) where case_number = ${caseNumber} group by 1) l) as loans,
    (select count(*)::int from warranty_claims
      where case_number = ${caseNumber} and withdrawn_at is null) as claims,
    (select count(*)::int from faulty_parts where case_number = ${caseNumber}) as "oldParts",
    (select coalesce(jsonb_agg(rating order by version), '[]') from signatures where case_number = ${caseNumber}) as signatures,
    (select count(*)::int from service_records where case_number = ${caseNumber}) as records,
    (select count(*)::int from knowledge_articles where case_number = ${caseNumber}) as articles,
    exists (select from archives where case_number = ${caseNumber}) as archived,
    (select coalesce(jsonb_agg(template order by seq), '[]') from notifications where case_number = ${caseNumber}) as messages`;
  if (!found) throw new Error(`nothing seen of ${caseNumber}`);
  return found;
}
