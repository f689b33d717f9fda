import { type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Db } from '../../db/drizzle.ts';
import {
  assets,
  cases,
  customers,
  engineers,
  inboundMessages,
  persons,
  staff,
  territories,
} from '../../db/schema.ts';
import { rows, statement } from '../../db/statement.ts';
import type { Channels, Notification, SendRequest } from './index.ts';
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
  db: Db,
  request: SendRequest,
  channels: Channels,
): Promise<Addressee | undefined> {
  const [row] = await knownUnder(db, request);
  if (!row) return undefined;
  const { phonePerson, mailPerson, via, ...others } = row;
  return {
    ...others,
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
    return { channel: 'sms', leaves: true, personId: whoOf(phonePerson) };
  if (mailPerson && channels.mail)
    return { channel: 'mail', leaves: true, personId: whoOf(mailPerson) };
  return { channel: via, leaves: false, personId: null };
}

/** Stands for the sender of a message that arrived, who may be nobody we know. */
const theSender = 'sender:';
const whoOf = (person: string) => (person === theSender ? null : person);

function knownUnder(db: Db, request: SendRequest) {
  const { recipient } = request;
  switch (recipient.kind) {
    case 'customer':
      return knownCustomer(db, request, recipient);
    case 'role':
      return knownInRole(db, request, recipient);
    case 'staff':
      return knownStaff(db, request, recipient);
    case 'sender':
      return knownSender(db, request, recipient);
    default:
      return recipient satisfies never;
  }
}

type Of<Kind extends SendRequest['recipient']['kind']> = Extract<
  SendRequest['recipient'],
  { kind: Kind }
>;

// The person who called, else the customer's own; in the customer's language.
const knownCustomer = statement((db, request: SendRequest, { caseNumber }: Of<'customer'>) => {
  const caller = alias(persons, 'caller');
  const owner = alias(persons, 'owner');
  return known(
    db,
    request,
    sql`
    select coalesce(${caller.name}, ${owner.name}) as name, coalesce(${owner.locale}, ${caller.locale}) as locale,
      case when ${caller.phone} is not null then ${caller.personId}
        when ${owner.phone} is not null then ${owner.personId} end as phone_person,
      case when ${caller.mail} is not null then ${caller.personId}
        when ${owner.mail} is not null then ${owner.personId} end as mail_person,
      case when coalesce(${caller.phone}, ${owner.phone}) is null and coalesce(${caller.mail}, ${owner.mail}) is not null
        then 'mail' else 'sms' end as via
    from ${cases} left join ${customers} on ${customers.customerNumber} = ${cases.customerNumber}
    left join ${persons} as ${caller} on ${caller.personId} = ${cases.contactId}
    left join ${persons} as ${owner} on ${owner.personId} = ${customers.personId}
    where ${cases.caseNumber} = ${caseNumber} and coalesce(${caller.personId}, ${owner.personId}) is not null`,
  );
});

const byMail = sql`null as phone_person,
  case when ${persons.mail} is not null then ${persons.personId} end as mail_person, 'internal' as via
  from ${staff} join ${persons} on ${persons.personId} = ${staff.personId}`;

const knownInRole = statement((db, request: SendRequest, { role, territory }: Of<'role'>) =>
  known(
    db,
    request,
    sql`
    select null as name, ${persons.locale}, ${byMail} where ${staff.role} = ${role}
    order by (${territory} = any(${staff.territories})) desc, ${staff.staffNumber} limit 1`,
  ),
);

const knownStaff = statement((db, request: SendRequest, { staffNumber }: Of<'staff'>) =>
  known(
    db,
    request,
    sql`select ${persons.name}, ${persons.locale}, ${byMail} where ${staff.staffNumber} = ${staffNumber}`,
  ),
);

const knownSender = statement((db, request: SendRequest, { inboundNumber }: Of<'sender'>) => {
  const { channel, sender, seq } = inboundMessages;
  return known(
    db,
    request,
    sql`
    select null as name, coalesce((select ${persons.locale} from ${persons} where case ${channel} when 'sms'
        then phone_digits(${persons.phone}) = ${sender} else lower(${persons.mail}) = ${sender} end limit 1), 'zh-CN') as locale,
      case ${channel} when 'sms' then ${theSender}::text end as phone_person,
      case ${channel} when 'mail' then ${theSender}::text end as mail_person, ${channel} as via
    from ${inboundMessages} where 'IN-' || ${seq} = ${inboundNumber}`,
  );
});

function known(db: Db, { caseNumber, params }: SendRequest, recipient: SQL) {
  const engineerName = sql`(select ${persons.name} from ${engineers}
    join ${staff} on ${staff.staffNumber} = ${engineers.staffNumber}
    join ${persons} on ${persons.personId} = ${staff.personId}
    where ${engineers.engineerNumber} = ${String(params.engineerNumber ?? '')})`;
  const found = {
    phonePerson: sql<Known['phonePerson']>`phone_person`,
    mailPerson: sql<Known['mailPerson']>`mail_person`,
    via: sql<Known['via']>`via`,
    locale: sql<Known['locale']>`locale`,
    timeZone: sql<string>`coalesce(${territories.timeZone}, 'UTC')`,
    values: sql<TemplateValues>`jsonb_build_object('caseNumber', ${caseNumber}::text,
      'serialNumber', ${cases.serialNumber}, 'recipientName', name, 'engineerName', ${engineerName})`,
  };
  return rows(
    db,
    found,
    (answer) => sql`
    with recipient as (${recipient})
    select ${answer} from recipient
    left join ${cases} on ${cases.caseNumber} = ${caseNumber}
    left join ${assets} on ${assets.serialNumber} = ${cases.serialNumber}
    left join ${customers} on ${customers.customerNumber} = ${cases.customerNumber}
    left join ${territories} on ${territories.territory} = coalesce(${assets.territory}, ${customers.territory})`,
  );
}
