import type { Sql } from '../../db/connect.ts';
import type { PublishedTariff } from './index.ts';

/** The latest one published by that day. */
export async function publishedTariff(sql: Sql, day: string): Promise<PublishedTariff | null> {
  const [tariff] = await sql<PublishedTariff[]>`
    select version, published_on as "publishedOn", currency, visit_minor as "visitMinor",
      labor_minute_minor as "laborMinuteMinor", (
        select coalesce(jsonb_agg(jsonb_build_object('partNumber', part_number,
          'title', jsonb_build_object('en', title_en, 'zh', title_zh), 'unitPriceMinor', p.unit_price_minor)
          order by part_number), '[]')
        from tariff_parts p join parts using (part_number) where p.version = t.version) as parts
    from tariffs t where published_on <= ${day}::date order by version desc limit 1`;
  return tariff ?? null;
}
