import type { Sql } from '../../db/connect.ts';
import type { Channels, Notification, Recipient, Sender, SendRequest } from './index.ts';
import type { Locale, TemplateValues } from './render.ts';

/** Who gets a message, how, in which language, and what the service itself knows of the case. */
export interface Addressee {
  channel: Notification['channel'];
  /** False: no gateway is set up for it, and it stays in the outbox. */
  leaves: boolean;
  /** Whose phone or address it goes to; null when it stays, and for a sender whom nobody knows. */
  personId: string | null;
  locale: Locale;
  timeZone: string;
  values: TemplateValues;
}

/** A known person's ways to be reached: who has the phone, and who the mail address. */
interface Known {
  /** Null for staff, whom text messages do not reach. */
  phonePerson: string | null;
  mailPerson: string | null;
  via: 'sms' | 'mail' | 'internal';
  locale: Locale;
  timeZone: string;
  values: TemplateValues;
}

/** Where a branch has no numbers of its own these stand in for its hotline and its complaint line. */
const phones = { hotline: '400-000-1000', complaintPhone: '400-000-2000' };

/** Looks up names and phones, which never travel through the engine (D9); undefined when nobody is known under the recipient. */
export async function addresseeOf(
  sql: Sql,
  request: SendRequest,
  channels: Channels,
): Promise<Addressee | undefined> {
  const [row] = await sql<Known[]>`
    with recipient as (${recipientOf(sql, request.recipient)})
    select r."phonePerson", r."mailPerson", r.via, r.locale, coalesce(t.time_zone, 'UTC') as "timeZone", jsonb_build_object(
      'caseNumber', ${request.caseNumber}::text, 'serialNumber', c.serial_number, 'recipientName', r.name,
      'engineerName', (select p.name from engineers e join staff using (staff_number) join persons p using (person_id)
        where e.engineer_number = ${String(request.params.engineerNumber ?? '')})) as values
    from recipient r
    left join cases c on c.case_number = ${request.caseNumber}
    left join assets a using (serial_number)
    left join customers u on u.customer_number = c.customer_number
    left join territories t on t.territory = coalesce(a.territory, u.territory)`;
  if (!row) return undefined;
  const { phonePerson, mailPerson, via, ...known } = row;
  return {
    ...known,
    ...wayTo({ phonePerson, mailPerson, via }, channels),
    values: { ...phones, ...row.values },
  };
}

/** A text message where there are a phone and a gateway, else mail where there are an address and a server; else it stays. */
function wayTo(
  { phonePerson, mailPerson, via }: Pick<Known, 'phonePerson' | 'mailPerson' | 'via'>,
  channels: Channels,
): Pick<Addressee, 'channel' | 'leaves' | 'personId'> {
  if (phonePerson && channels.sms)
    return { channel: 'sms', leaves: true, personId: known(phonePerson) };
  if (mailPerson && channels.mail)
    return { channel: 'mail', leaves: true, personId: known(mailPerson) };
  return { channel: via, leaves: false, personId: null };
}

/** Stands for the sender of a message that arrived, who may be nobody we know. */
const theSender = 'sender:';
const known = (person: string) => (person === theSender ? null : person);

function recipientOf(sql: Sql, recipient: Recipient | Sender) {
  switch (recipient.kind) {
    case 'customer': // the person who called, else the customer's own; in the customer's language
      return sql`
        select coalesce(caller.name, owner.name) as name, coalesce(owner.locale, caller.locale) as locale,
          case when caller.phone is not null then caller.person_id when owner.phone is not null then owner.person_id end
            as "phonePerson",
          case when caller.mail is not null then caller.person_id when owner.mail is not null then owner.person_id end
            as "mailPerson",
          case when coalesce(caller.phone, owner.phone) is null and coalesce(caller.mail, owner.mail) is not null
            then 'mail' else 'sms' end as via
        from cases left join customers using (customer_number)
        left join persons caller on caller.person_id = cases.contact_id
        left join persons owner on owner.person_id = customers.person_id
        where case_number = ${recipient.caseNumber} and coalesce(caller.person_id, owner.person_id) is not null`;
    case 'role':
      return sql`
        select null as name, locale, null as "phonePerson", case when mail is not null then person_id end as "mailPerson",
          'internal' as via from staff join persons using (person_id)
        where role = ${recipient.role}
        order by (${recipient.territory} = any(territories)) desc, staff_number limit 1`;
    case 'staff':
      return sql`
        select name, locale, null as "phonePerson", case when mail is not null then person_id end as "mailPerson",
          'internal' as via from staff join persons using (person_id)
        where staff_number = ${recipient.staffNumber}`;
    case 'sender':
      return sql`
        select null as name, coalesce((select locale from persons where case channel when 'sms'
            then phone_digits(phone) = sender else lower(mail) = sender end limit 1), 'zh-CN') as locale,
          case channel when 'sms' then ${theSender}::text end as "phonePerson",
          case channel when 'mail' then ${theSender}::text end as "mailPerson", channel as via
        from inbound_messages where 'IN-' || seq = ${recipient.inboundNumber}`;
    default:
      return recipient satisfies never;
  }
}
