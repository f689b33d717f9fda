import type { Sql } from '../../db/connect.ts';
import type { Notification, Recipient, SendRequest } from './index.ts';
import type { Locale, Values } from './render.ts';

/** Who gets a message, how, in which language, and what the service itself knows of the case. */
export interface Addressee {
  channel: Notification['channel'];
  /** Null where the recipient is a role, or has none. */
  phone: string | null;
  mail: string | null;
  locale: Locale;
  timeZone: string;
  values: Values;
}

/** Where a branch has no numbers of its own these stand in for its hotline and its complaint line. */
const phones = { hotline: '400-000-1000', complaintPhone: '400-000-2000' };

/** Looks up names and phones, which never travel through the engine (D9); undefined when nobody is known under the recipient. */
export async function addresseeOf(sql: Sql, request: SendRequest): Promise<Addressee | undefined> {
  const [row] = await sql<Addressee[]>`
    with recipient as (${recipientOf(sql, request.recipient)})
    select r.channel, r.phone, r.mail, r.locale, coalesce(t.time_zone, 'UTC') as "timeZone", jsonb_build_object(
      'caseNumber', ${request.caseNumber}::text, 'serialNumber', c.serial_number, 'recipientName', r.name,
      'engineerName', (select p.name from engineers e join staff using (staff_number) join persons p using (person_id)
        where e.engineer_number = ${String(request.params.engineerNumber ?? '')})) as values
    from recipient r
    left join cases c on c.case_number = ${request.caseNumber}
    left join assets a using (serial_number)
    left join territories t on t.territory = a.territory`;
  return row && { ...row, values: { ...phones, ...row.values } };
}

function recipientOf(sql: Sql, recipient: Recipient) {
  switch (recipient.kind) {
    case 'customer': // the person who called, else the customer's own; in the customer's language
      return sql`
        select coalesce(caller.name, owner.name) as name, coalesce(owner.locale, caller.locale) as locale,
          coalesce(caller.phone, owner.phone) as phone, coalesce(caller.mail, owner.mail) as mail,
          case when coalesce(caller.phone, owner.phone) is null and coalesce(caller.mail, owner.mail) is not null
            then 'mail' else 'sms' end as channel
        from cases left join customers using (customer_number)
        left join persons caller on caller.person_id = cases.contact_id
        left join persons owner on owner.person_id = customers.person_id
        where case_number = ${recipient.caseNumber} and coalesce(caller.person_id, owner.person_id) is not null`;
    case 'role':
      return sql`
        select null as name, null as phone, null as mail, locale, 'internal' as channel from staff join persons using (person_id)
        where role = ${recipient.role}
        order by (${recipient.territory} = any(territories)) desc, staff_number limit 1`;
    case 'staff':
      return sql`
        select name, phone, mail, locale, 'internal' as channel from staff join persons using (person_id)
        where staff_number = ${recipient.staffNumber}`;
    default:
      return recipient satisfies never;
  }
}
