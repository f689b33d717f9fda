/** Engineers with the person, the member of staff and the weekly hours behind them: all of it by the import's one statement. */
import type { RegisterSql } from './register-sql.ts';

export const engineers: RegisterSql = {
  judged: (sql, kept) => sql`
    select j.*, case when e.engineer_number is null then 'created'
      when (j.staff_number, j.provider, j.territory, j.skills, j.certificates, j.time_zone, j.shifts,
          j.name, j.phone, j.locale)
        is not distinct from (e.staff_number, e.provider, e.territory, e.skills, e.certificates, e.time_zone, s.shifts,
          p.name, p.phone, p.locale) then 'same'
      else 'changed' end as verdict
    from given g left join engineers e on e.engineer_number = g."engineerNumber"
    left join staff m on m.staff_number = g."staffNumber" left join persons p on p.person_id = m.person_id
    cross join lateral (select coalesce(jsonb_agg(jsonb_build_object('weekday', weekday, 'opens', opens,
      'closes', closes) order by weekday, opens), '[]') as shifts
      from engineer_shifts w where w.engineer_number = g."engineerNumber") s
    cross join lateral (select g."engineerNumber" as number, g."staffNumber" as staff_number, g.territory, g.name,
      g."timeZone" as time_zone, array(select jsonb_array_elements_text(g.skills)) as skills,
      coalesce(p.person_id, 'staff:' || g."staffNumber") as person_id,
      coalesce(m.territories, array[g.territory]) as territories,
      ${kept('provider', sql`g.provider`, sql`e.provider`)} as provider,
      coalesce(${kept('certificates', sql`g.certificates`, sql`e.certificates`)}, '[]') as certificates,
      ${kept('phone', sql`g.phone`, sql`p.phone`)} as phone,
      coalesce(${kept('locale', sql`g.locale`, sql`p.locale`)}, 'zh-CN') as locale,
      ${kept(
        'shifts',
        sql`(select coalesce(jsonb_agg(w order by (w->>'weekday')::int, w->>'opens'), '[]')
          from jsonb_array_elements(g.shifts) w)`,
        sql`s.shifts`,
      )} as shifts) j`,
  written: (sql) => sql`, people as (
      insert into persons (person_id, name, phone, locale) select person_id, name, phone, locale from due
      on conflict (person_id) do update set name = excluded.name, phone = excluded.phone, locale = excluded.locale
    ), members as (
      insert into staff (staff_number, person_id, role, territories)
      select staff_number, person_id, 'engineer', territories from due on conflict (staff_number) do nothing
    ), kept as (
      insert into engineers (engineer_number, staff_number, provider, territory, skills, certificates, time_zone)
      select number, staff_number, provider, territory, skills, certificates, time_zone from due
      on conflict (engineer_number) do update set staff_number = excluded.staff_number, provider = excluded.provider,
        territory = excluded.territory, skills = excluded.skills, certificates = excluded.certificates,
        time_zone = excluded.time_zone
    ), hours as (
      select due.number, w.* from due, jsonb_to_recordset(due.shifts) as w (weekday int, opens text, closes text)
    ), ended as (
      delete from engineer_shifts s using due where s.engineer_number = due.number and not exists (
        select from hours h where h.number = s.engineer_number and h.weekday = s.weekday and h.opens = s.opens)
    ), begun as (
      insert into engineer_shifts (engineer_number, weekday, opens, closes)
      select number, weekday, opens, closes from hours
      on conflict (engineer_number, weekday, opens) do update set closes = excluded.closes
    )`,
};
