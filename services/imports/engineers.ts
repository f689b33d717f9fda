/** Engineers with the person, the member of staff and the weekly hours behind them: all of it by the import's one statement. */
import { sql } from 'drizzle-orm';
import { engineerShifts, engineers, persons, staff } from '../../db/schema.ts';
import { list, names, row } from '../../db/statement.ts';
import { put, type RegisterSql, verdict } from './register-sql.ts';

const { engineerNumber, staffNumber, provider, territory } = engineers;
const { skills, certificates, timeZone } = engineers;
const { personId, name, phone, locale } = persons;
const { weekday, opens, closes } = engineerShifts;

const own = [staffNumber, provider, territory, skills, certificates, timeZone];

/** The register of engineers. */
export const engineerRegister: RegisterSql = {
  given: {
    engineerNumber,
    staffNumber,
    name,
    territory,
    skills: sql`jsonb`,
    timeZone,
    provider,
    certificates,
    shifts: sql`jsonb`,
    phone,
    locale,
  },
  judged: (kept) => sql`
    select j.*, ${verdict(
      engineerNumber,
      [...own, name, phone, locale],
      sql`j.shifts is not distinct from s.shifts`,
    )}
    from given g left join ${engineers} on ${engineerNumber} = g."engineerNumber"
    left join ${staff} on ${staff.staffNumber} = g."staffNumber"
    left join ${persons} on ${personId} = ${staff.personId}
    cross join lateral (select ${list({ weekday, opens, closes }, weekday, opens)} as shifts
      from ${engineerShifts} where ${engineerShifts.engineerNumber} = g."engineerNumber") s
    cross join lateral (select g."engineerNumber" as ${names(engineerNumber)},
      g."staffNumber" as ${names(staffNumber)}, g.territory as ${names(territory)}, g.name as ${names(name)},
      g."timeZone" as ${names(timeZone)},
      array(select jsonb_array_elements_text(g.skills)) as ${names(skills)},
      coalesce(${personId}, 'staff:' || g."staffNumber") as ${names(personId)},
      coalesce(${staff.territories}, array[g.territory]) as ${names(staff.territories)},
      ${kept('provider', provider)} as ${names(provider)},
      coalesce(${kept('certificates', certificates)}, '[]') as ${names(certificates)},
      ${kept('phone', phone)} as ${names(phone)},
      coalesce(${kept('locale', locale)}, 'zh-CN') as ${names(locale)},
      ${kept(
        'shifts',
        sql`s.shifts`,
        sql`(select coalesce(jsonb_agg(w order by (w->>'weekday')::int, w->>'opens'), '[]')
          from jsonb_array_elements(g.shifts) w)`,
      )} as shifts) j`,
  written: sql`, people as (
      ${put(persons, [personId], [name, phone, locale])}
    ), members as (
      insert into ${staff} ${row(staff, {
        staffNumber: sql`staff_number`,
        personId: sql`person_id`,
        role: 'engineer',
        territories: sql`territories`,
      })} from due on conflict (${names(staff.staffNumber)}) do nothing
    ), kept as (
      ${put(engineers, [engineerNumber], own)}
    ), hours as (
      select due.engineer_number, w.*
      from due, jsonb_to_recordset(due.shifts) as w (weekday int, opens text, closes text)
    ), ended as (
      delete from ${engineerShifts} using due
      where ${engineerShifts.engineerNumber} = due.engineer_number and not exists (
        select from hours where hours.engineer_number = due.engineer_number
          and hours.weekday = ${weekday} and hours.opens = ${opens})
    ), begun as (
      ${put(engineerShifts, [engineerShifts.engineerNumber, weekday, opens], [closes], sql`hours`)}
    )`,
};
